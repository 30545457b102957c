/** Reads the fenced blocks of a page, and the marks that say what a block needs to run. */

export interface PageBlock {
  readonly language: string;
  /** Line of the page on which the text of the block starts. */
  readonly line: number;
  readonly text: string;
  /** Names what the block needs besides the local stack. It comes from the mark before the block, or from that of the page. */
  readonly needs: string | undefined;
}

const BLOCK = /^(?:<!-- needs: (?<needs>[^\n]+?) -->\n+)?```(?<language>\w+)[^\n]*\n(?<text>.*?)^```$/gms;
const NEEDS_OF_PAGE = /^<!-- this page needs: ([^\n]+?) -->$/m;

/** Returns the blocks of a page in their order. */
export function pageBlocks(page: string): PageBlock[] {
  const needsOfPage = NEEDS_OF_PAGE.exec(page)?.[1];
  return [...page.matchAll(BLOCK)].map(({ 0: whole, index, groups = {} }) => {
    const { needs = needsOfPage, language = '', text = '' } = groups;
    // The text is followed by the closing fence alone.
    const start = index + whole.length - text.length - '```'.length;
    return { language, line: page.slice(0, start).split('\n').length, text, needs };
  });
}

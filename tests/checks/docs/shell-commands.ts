/** Reads the commands in the shell blocks and code spans of a page. */
import { pageBlocks } from './page-blocks.ts';

export interface ShellCommand {
  /** The program and its arguments, without the settings before them. */
  readonly words: readonly string[];
  /** False for a code span, which may leave out arguments. */
  readonly isWhole: boolean;
}

const TOKEN =
  /'(?<single>[^']*)'|"(?<double>(?:\\.|[^"\\])*)"|\\\n|(?<comment>(?<=^|\s)#[^\n]*)|(?<end>&&|\|\||[|;&\n])|(?<blank>[ \t]+)|(?<other>\$\([^)]*\)|<\([^)]*\)|\\.|[^\s'"|;&\\]+?(?=\$\(|<\(|[\s'"|;&\\]|$))/gsu;

const SETTING = /^[A-Z][A-Z_]*=/;

/** Returns the commands of a page in their order. */
export function shellCommandsIn(page: string): ShellCommand[] {
  const blocks = pageBlocks(page).filter(({ language }) => language === 'sh');
  const prose = page.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '');
  const spans = [...prose.matchAll(/`((?:npx )?citibike [^`\n]+|make [^`\n]+)`/g)].map(
    ([, text = '']) => text,
  );
  return [
    ...blocks.flatMap(({ text }) => splitCommands(text)).map((words) => ({ words, isWhole: true })),
    ...spans.flatMap(splitCommands).map((words) => ({ words, isWhole: false })),
  ];
}

/** Splits shell text into commands and their words. Knows quotes, comments, pipes and lists; expands nothing. */
export function splitCommands(text: string): string[][] {
  const commands: string[][] = [[]];
  let isInWord = false;
  for (const { 0: token, groups = {} } of text.matchAll(TOKEN)) {
    const { single, double, comment, end, blank } = groups;
    if (end !== undefined) commands.push([]);
    if (end !== undefined || blank !== undefined || comment !== undefined || token === '\\\n') {
      isInWord = false;
      continue;
    }
    const words = commands.at(-1)!;
    const part = single ?? double?.replaceAll(/\\(.)/gs, '$1') ?? token;
    if (isInWord) words.push(words.pop()! + part);
    else words.push(part);
    isInWord = true;
  }
  return commands
    .map((words) => words.slice(words.findIndex((word) => !SETTING.test(word))))
    .filter((words) => words.length > 0);
}

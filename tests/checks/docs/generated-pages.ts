/** Lists the pages of docs/ that are generated or have a generated table, formatted as Prettier formats them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { PROJECT_DIR } from '../../../settings.ts';
import { cliPage } from './cli-page.ts';
import { workflowPage } from './workflow-page.ts';
import { workflowTable } from './workflow-table.ts';

interface GeneratedPage {
  /** Path in the project. */
  readonly file: string;
  readonly text: string;
}

const NOTICE = "<!-- Generated: 'npm run docs' writes this page. -->\n\n";

/** Marks the start and the end of a generated table in a page that people write. */
const TABLE = {
  start: "<!-- Generated: 'npm run docs' writes this table. -->",
  end: '<!-- End of the table. -->',
};

export async function generatedPages(): Promise<GeneratedPage[]> {
  const pages = [
    { file: 'docs/cli.md', text: NOTICE + (await cliPage()) },
    { file: 'docs/workflow-inputs.md', text: NOTICE + workflowPage() },
    { file: 'docs/workflows.md', text: withTable('docs/workflows.md', workflowTable()) },
  ];
  return Promise.all(
    pages.map(async ({ file, text }) => {
      const options = await resolveConfig(path.join(PROJECT_DIR, file));
      return { file, text: await format(text, { ...options, parser: 'markdown' }) };
    }),
  );
}

function withTable(file: string, table: string): string {
  const text = readFileSync(path.join(PROJECT_DIR, file), 'utf8');
  const [before, rest] = text.split(TABLE.start);
  const [, after] = (rest ?? '').split(TABLE.end);
  if (after === undefined)
    throw new Error(`${file}: got no table between '${TABLE.start}' and '${TABLE.end}'`);
  return [before, TABLE.start, '\n\n', table, '\n', TABLE.end, after].join('');
}

/** Lists the generated pages of docs/, formatted as Prettier formats them. */
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { PROJECT_DIR } from '../../../settings.ts';
import { cliPage } from './cli-page.ts';
import { workflowPage } from './workflow-page.ts';

interface GeneratedPage {
  /** Path in the project. */
  readonly file: string;
  readonly text: string;
}

const NOTICE = "<!-- Generated: 'npm run docs' writes this page. -->\n\n";

export async function generatedPages(): Promise<GeneratedPage[]> {
  const pages = [
    { file: 'docs/cli.md', text: await cliPage() },
    { file: 'docs/workflow-inputs.md', text: workflowPage() },
  ];
  return Promise.all(
    pages.map(async ({ file, text }) => {
      const options = await resolveConfig(path.join(PROJECT_DIR, file));
      return { file, text: await format(NOTICE + text, { ...options, parser: 'markdown' }) };
    }),
  );
}

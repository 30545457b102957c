/** Tests previews, the search and the lineage of artifacts. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { ObjectStore } from '../../../adapters/s3/object-store.ts';
import { WIDE, complaintsOf, loaded } from './visit.ts';
import type { World } from './world.ts';

const HOSTILE_PAGE =
  '<h1>Report</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><form action="/api/session"><button>Go</button></form>';

export function artifactTests(world: World): void {
  const artifact = (uri: string) => `/artifacts?uri=${encodeURIComponent(uri)}`;
  const isFrame = (page: string) => page.endsWith('.parquet');

  describe('artifacts', () => {
    test('are listed by kind, searched, previewed as tables, pictures and trees, and named in the lineage', async () => {
      const context = await world.browser.newContext({ viewport: WIDE });
      const page = await context.newPage();
      const complaints = complaintsOf(page, world.console);
      await page.goto(`${world.console}/artifacts`);
      await loaded(page);
      await page.getByLabel('Kind').selectOption({ label: await labelOf(page, 'Frame') });
      await page.getByLabel('Search').fill('2024-01_2024-12 training');
      const list = page.getByRole('region', { name: 'Artifacts, newest first' });
      const frame = list.getByRole('link', { name: '2024-01 to 2024-12' }).first();
      await expect.poll(() => list.getByRole('cell', { name: 'Evaluation' }).count()).toBe(0);
      await frame.click();
      await loaded(page);
      expect(isFrame(decodeURIComponent(page.url()))).toBe(true);
      await page.getByText('8,783 rows').waitFor();
      const columns = page.getByRole('region', { name: 'Columns with their statistics' });
      expect(await columns.getByRole('row', { name: /^hour/ }).innerText()).toMatch(
        /^hour\s+integer\s+0\s+23\s+11\.5\s+0\s+/,
      );
      expect(await page.getByRole('region', { name: 'First 50 rows' }).locator('tbody tr').count()).toBe(50);

      const graph = page.getByRole('region', { name: 'Graph of the lineage' });
      await graph.getByText('Month × 12').waitFor();
      await graph.getByText(/^2024-01 to 2024-12, nyc/).waitFor();
      const of = (name: string) => `document.querySelector('.graph').${name}`;
      expect(await page.evaluate<number>(`${of('scrollWidth')} - ${of('clientWidth')}`)).toBeLessThanOrEqual(
        0,
      );
      await graph.getByRole('button', { name: /^Month × 12/ }).click();
      const months = page.getByRole('region', { name: 'Files: Month' });
      expect(await months.getByRole('link', { name: /^2024-03, nyc-synthetic/ }).count()).toBeGreaterThan(0);

      await page.goto(
        `${world.console}/models/${world.settings.modelName}/versions/${world.result.training.version}`,
      );
      await loaded(page);
      const pictures = page.getByRole('region', { name: 'Pictures', exact: true }).locator('img');
      expect(await pictures.count()).toBeGreaterThanOrEqual(8);
      await pictures.first().scrollIntoViewIfNeeded();
      const width = `document.querySelector('.pictures img').naturalWidth`;
      await expect.poll(() => page.evaluate<number>(width)).toBeGreaterThan(0);
      expect(complaints).toEqual([]);
      await context.close();
    }, 30_000);

    test('a report is shown in a sandbox without scripts, and an unknown type is only offered as a download', async () => {
      const objects = new ObjectStore(world.settings.s3);
      const folder = `s3://${objects.buckets.data}/console-test/${world.runId}`;
      const files = {
        'report.html': HOSTILE_PAGE,
        'notes.md': '# <b>Notes</b>',
        'data.bin': '<script>1</script>',
        'data.json': '{"a":1}',
        'data.csv': 'a,b\n1,2\n',
      };
      for (const [name, body] of Object.entries(files)) await objects.put(`${folder}/${name}`, body);
      const context = await world.browser.newContext({ viewport: WIDE });
      try {
        const page = await context.newPage();
        const complaints = complaintsOf(page, world.console);
        await page.goto(world.console + artifact(`${folder}/report.html`));
        await loaded(page);
        await page.frameLocator('iframe').getByRole('heading', { name: 'Report' }).waitFor();
        expect(await page.locator('iframe').getAttribute('sandbox')).toBe('');
        const content = (name: string) =>
          `${world.console}/api/artifacts/content?uri=${encodeURIComponent(`${folder}/${name}`)}&show=true`;
        const report = (await context.request.get(content('report.html'))).headers();
        expect(report['content-security-policy']).toMatch(
          /^sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:;/,
        );
        // Previews show JSON and tables, so that they have one form.
        for (const name of ['data.bin', 'data.json', 'data.csv']) {
          const other = (await context.request.get(content(name))).headers();
          expect(other).toMatchObject({
            'content-type': 'application/octet-stream',
            'x-content-type-options': 'nosniff',
          });
          expect(other['content-disposition']).toMatch(/^attachment/);
        }

        await page.goto(world.console + artifact(`${folder}/notes.md`));
        await page.getByText('# <b>Notes</b>').waitFor();
        await page.goto(world.console + artifact(`${folder}/data.bin`));
        await page.getByText('Files of this type have no preview').waitFor();
        expect(complaints).toEqual([]);
      } finally {
        await context.close();
        for (const name of Object.keys(files)) await objects.delete(`${folder}/${name}`);
        objects.close();
      }
    });
  });

  /** Returns the label of a kind, which ends in its number of artifacts. */
  async function labelOf(page: Page, kind: string): Promise<string> {
    const options = await page.getByLabel('Kind').locator('option').allInnerTexts();
    return options.find((option) => option.startsWith(`${kind} (`))!;
  }
}

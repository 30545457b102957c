/** Tests that months are shown whole, and that reports open in a sandbox. */
import { describe, expect, test } from 'vitest';
import { WIDE, open } from './visit.ts';
import type { World } from './world.ts';

export function reportTests(world: World): void {
  describe('reports can be reached', () => {
    test('a month shows all its days and hours, says why a check is unknown, and opens its report in a sandbox', async () => {
      const context = await world.browser.newContext({ viewport: WIDE });
      const page = await open(context, `${world.console}/data/nyc-synthetic/seed/2024-01`);
      await page.getByText('Trips by day, 31 days', { exact: true }).waitFor();
      await page.getByText('Trips by hour, 744 hours', { exact: true }).waitFor();
      const row = page.getByRole('row', { name: /trips_change/ });
      expect(await row.innerText()).toContain('No whole month before this one');
      const [report] = await Promise.all([
        context.waitForEvent('page'),
        page.getByRole('link', { name: 'Open quality report' }).click(),
      ]);
      await report.getByRole('heading', { name: /Data quality of nyc 2024-01/ }).waitFor();
      await context.close();
    });

    test('the API shows reports without any right, and other files as downloads', async () => {
      const context = await world.browser.newContext();
      const get = (uri: string) =>
        context.request.get(
          `${world.console}/api/artifacts/content?show=true&uri=${encodeURIComponent(uri)}`,
        );
      const report = await get(world.result.monitoring.html.uri);
      expect(report.status()).toBe(200);
      const policy = report.headers()['content-security-policy'];
      expect(policy).toMatch(/^sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:;/);
      expect(report.headers()['content-disposition']).toBeUndefined();
      const dataset = await get(world.result.data.dataset.uri);
      expect(dataset.headers()['content-type']).toBe('application/octet-stream');
      await context.close();
    });
  });
}

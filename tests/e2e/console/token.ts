/** Tests a console that listens beyond the loopback and shows nothing without the token. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOwnConsole, type OwnConsole } from './own-console.ts';
import { WIDE, complaintsOf, loaded } from './visit.ts';
import type { World } from './world.ts';

export function tokenTests(world: World): void {
  describe('a console that listens beyond the loopback', () => {
    let own: OwnConsole;

    beforeAll(async () => {
      own = await startOwnConsole({ CONSOLE_HOST: '0.0.0.0' });
    });

    afterAll(() => own?.stop());

    test('asks for the token, rejects a wrong one, and shows everything with the right one', async () => {
      const context = await world.browser.newContext({ viewport: WIDE });
      const page = await context.newPage();
      await page.goto(`${own.url}/runs/${world.runId}-ingest`);
      const field = page.getByLabel('Token');
      await field.fill('not-the-token-at-all');
      expect(await page.locator('body').innerText()).not.toContain(world.runId);
      await page.screenshot({ path: `${world.screenshots}/gate-light.png` });
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').getByText('unknown, expired or revoked').waitFor();

      const complaints = complaintsOf(page, own.url);
      await field.fill(world.token);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await loaded(page);
      await page.getByText('composeDataset').first().waitFor();
      // Live updates come with the token too.
      await page.getByRole('list', { name: 'Servers' }).getByText('live', { exact: true }).waitFor();

      // Downloads and frames are fetched by the browser, which sends the cookie and no header.
      const uri = encodeURIComponent(world.result.data.dataset.uri);
      const content = `${own.url}/api/artifacts/content?uri=${uri}`;
      expect((await context.request.get(content)).status()).toBe(200);
      // The cookie only allows reading.
      const acted = await context.request.post(`${own.url}/api/schedules/none/pause`, { data: {} });
      expect(acted.status()).toBe(401);
      const [cookie] = await context.cookies(`${own.url}/api/runs`);
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', expires: -1 });

      const another = await context.newPage();
      await another.goto(`${own.url}/models`);
      await loaded(another);
      await another.getByText(world.settings.modelName).first().waitFor();

      expect(complaints).toEqual([]);
      await page.getByRole('button', { name: /^Token/ }).click();
      await page.getByRole('button', { name: 'Forget token' }).click();
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      expect((await context.request.get(content)).status()).toBe(401);
      await context.close();
    });
  });
}

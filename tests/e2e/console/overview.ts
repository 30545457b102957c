/** Tests that the overview tells what is served, what needs a person, and where the pipeline stands. */
import { describe, expect, test } from 'vitest';
import { TASK_QUEUE } from '../../../contracts/task-queues.ts';
import { WIDE, complaintsOf, loaded, open } from './visit.ts';
import { servedVersion, type World } from './world.ts';

export function overviewTests(world: World): void {
  describe('the overview tells the truth', () => {
    test('it names the served version and its error, groups failures, and keeps rejected inputs out of the pipeline', async () => {
      const { client, runId, settings, result } = world;
      const ends = async (id: string, input: object) => {
        const handle = await client.workflow.start('ingest', {
          workflowId: `${runId}-${id}`,
          taskQueue: TASK_QUEUE,
          args: [input],
        });
        await handle.result().catch(() => undefined);
      };
      const missing = { system: 'chicago', from: '2019-01', to: '2019-01', source: { trips: world.sample } };
      await Promise.all([
        ends('fails-1', missing),
        ends('fails-2', missing),
        ends('rejected', { system: 'nyc', from: 'x' }),
      ]);
      const context = await world.browser.newContext({ viewport: WIDE });
      const page = await open(context, `${world.console}/?system=nyc`);
      const served = page.getByRole('region', { name: 'Served now', exact: true });
      const version = await servedVersion(world);
      await served
        .getByRole('link', { name: `${settings.modelName} v${version}` })
        .first()
        .waitFor();
      const facts = await served.innerText();
      expect(facts).toContain('serves the champion');
      expect(facts).toMatch(/answers since\s+(just now|\d+ (s|min|h) ago)/);
      if (version === result.training.version) expect(facts).toMatch(/RMSE [\d.,]+ trips\/h.*2025-W\d\d/);
      const stages = page.getByRole('region', { name: 'Pipeline', exact: true });
      expect(await stages.locator('li', { hasText: 'Fetch' }).locator('.badge').innerText()).toBe(
        'completed',
      );

      await page.goto(world.console);
      await loaded(page);
      const attention = page.getByRole('region', { name: 'Needs attention', exact: true });
      const group = attention.locator('li', {
        hasText: /Ingest of chicago failed at list[\s\S]*MISSING_MONTHS/,
      });
      expect(await group.innerText()).toMatch(/\d+ times/);
      await attention.getByText('Ingest rejected its input').first().waitFor();
      // The failure of one system does not colour the stage of all.
      const fetch = stages.locator('li', { hasText: 'Fetch' });
      expect(await fetch.locator('.badge').innerText()).toBe('partly failed');
      await fetch.getByRole('link', { name: 'ingest of chicago' }).waitFor();
      await context.close();
    });

    test('the token dialog says whether the token is valid', async () => {
      const context = await world.browser.newContext({ viewport: WIDE });
      const page = await open(context, `${world.console}/schedules`);
      await page.getByRole('button', { name: 'Token: none' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Token').fill('not-the-token');
      await dialog.getByRole('button', { name: 'Check and save' }).click();
      await dialog.getByRole('alert').getByText('unknown, expired or revoked').waitFor();
      const complaints = complaintsOf(page, world.console);
      await dialog.getByLabel('Token').fill(world.token);
      await dialog.getByRole('button', { name: 'Check and save' }).click();
      await dialog.getByRole('status').getByText('console-test').waitFor();
      await dialog.getByRole('button', { name: 'Close' }).click();
      await page.getByRole('button', { name: 'Token: set' }).waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    });
  });
}

/** Tests that the page of a run says first what the run achieved. */
import { describe, expect, test } from 'vitest';
import { startWorkflow } from '../../../client/start.ts';
import { WIDE, open } from './visit.ts';
import type { World } from './world.ts';

export function outcomeTests(world: World): void {
  describe('a run page leads with its outcome', () => {
    test('it says result, metrics and links, lists artifacts by kind, and folds the JSON', async () => {
      const { version, model, metrics } = world.result.training;
      const context = await world.browser.newContext({ viewport: WIDE });
      const page = await open(context, `${world.console}/runs/${world.runId}-training`);
      const outcome = page.getByRole('region', { name: 'Outcome', exact: true });
      const text = await outcome.innerText();
      expect(text).toContain(`Trained version ${version} of ${model}.`);
      expect(text).toMatch(/It (became the champion|was not promoted)\. \S/);
      const rmse = metrics.rmse.toLocaleString('en-US', { maximumFractionDigits: 1 });
      expect(text).toContain(`test RMSE\n${rmse} trips/h`);
      expect(text).toMatch(/coverage \(90 %\)\n[\d.]+ %/);
      const links = await outcome.getByRole('link').allInnerTexts();
      expect(links).toEqual([`Version ${version} of ${model}`, 'MLflow run', 'Open evaluation report']);
      const kinds = await page
        .getByRole('region', { name: 'Artifacts', exact: true })
        .locator('dt')
        .allInnerTexts();
      expect(kinds).toEqual(expect.arrayContaining(['evaluation (2)', 'frame (2)', 'model (1)']));
      const json = page.getByRole('region', { name: 'Input and result as JSON', exact: true });
      expect(await json.locator('pre').first().isVisible()).toBe(false);
      await json.getByText('Result', { exact: true }).click();
      await json.getByText('"promotion"').waitFor();
      await context.close();
    });

    test('a drift check names hour, weekday and month instead of their sine and cosine', async () => {
      const context = await world.browser.newContext({ viewport: WIDE });
      const page = await open(context, `${world.console}/runs/${world.runId}-monitoring`);
      const outcome = page.getByRole('region', { name: 'Outcome', exact: true });
      await outcome.getByText('drifted columns').waitFor();
      const text = await outcome.innerText();
      expect(text).toMatch(
        /\b(hour|weekday|week|month|TMAX|TMIN|SNOW|trips|prediction|holiday) \(\d+ weeks?\)/,
      );
      expect(text).not.toMatch(/_(sin|cos)\b/);
      await context.close();
    });

    test('the steps of a terminated run are abandoned', async () => {
      const { from, to } = { from: '2024-01', to: '2024-12' };
      const input = { system: 'nyc', from, to, source: { trips: world.sample }, cache: false };
      const handle = await startWorkflow(world.client, 'ingest', input, `${world.runId}-terminated`);
      await expect
        .poll(async () => (await handle.describe()).raw.pendingActivities?.length ?? 0, { timeout: 20_000 })
        .toBeGreaterThan(0);
      await handle.terminate('to test the console');
      const context = await world.browser.newContext({ viewport: WIDE });
      const page = await open(context, `${world.console}/runs/${world.runId}-terminated`);
      await page.getByText(/^Terminated at \w+: to test the console\.$/).waitFor();
      const steps = page.getByRole('region', { name: /^Steps/ });
      await steps.getByText('abandoned').first().waitFor();
      expect(await steps.getByText(/running|waiting/).count()).toBe(0);
      await context.close();
    });
  });
}

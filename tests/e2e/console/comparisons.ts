/** Tests the comparison of versions and of experiments. */
import { describe, expect, test } from 'vitest';
import { WIDE, loaded, open } from './visit.ts';
import type { World } from './world.ts';

export function comparisonTests(world: World): void {
  describe('comparisons', () => {
    test('versions chosen on the list are compared: better and worse, parameters, error by hour and curves', async () => {
      const context = await world.browser.newContext({ viewport: WIDE });
      const [a, b] = [world.result.training.version, world.formVersion];
      const page = await open(context, `${world.console}/models/${world.settings.modelName}`);
      for (const version of [a, b]) await page.getByLabel(`Select version ${version} to compare`).check();
      await page.getByRole('button', { name: 'Compare 2 versions' }).click();
      await page.waitForURL(`**/compare?versions=${a}%2C${b}`);
      await loaded(page);
      const metrics = page.getByRole('region', { name: `Metrics of v${a}, v${b}`, exact: true });
      const [rmseOfA, rmseOfB, word] = await rmseIn(metrics);
      expect(word).toBe(rmseOfB < rmseOfA ? 'better' : rmseOfB > rmseOfA ? 'worse' : 'equal');
      const differing = page.getByRole('region', { name: 'Parameters that differ', exact: true });
      await differing.getByRole('cell', { name: 'seed', exact: true }).waitFor();
      await page.getByRole('img', { name: /^RMSE, trips per hour, by hour of day/ }).waitFor();
      await page.locator('.legend').getByText(`v${b} validation loss`).first().waitFor();

      // Another baseline turns the judgement around.
      await page.getByTitle(`Compare the others with v${b}`).click();
      await page.getByText(`v${b} (baseline)`).waitFor();
      const swapped = page.getByRole('region', { name: `Metrics of v${b}, v${a}`, exact: true });
      const [, , opposite] = await rmseIn(swapped);
      expect(opposite).toBe({ better: 'worse', worse: 'better', equal: 'equal' }[word]);

      // The address of a comparison of two versions keeps working.
      await page.goto(`${world.console}/models/${world.settings.modelName}/compare?a=${a}&b=${b}`);
      await metrics.waitFor();
      await page.screenshot({ path: `${world.screenshots}/compare-light.png`, fullPage: true });
      await context.close();
    }, 30_000);

    test('a comparison of one version offers the others, and names metrics with their units', async () => {
      const context = await world.browser.newContext({ viewport: WIDE });
      const [a, b] = [world.result.training.version, world.formVersion];
      const page = await open(
        context,
        `${world.console}/models/${world.settings.modelName}/compare?versions=${a}`,
      );
      const single = page.getByRole('region', { name: `Metrics of v${a}`, exact: true });
      for (const name of ['RMSE, trips per hour', 'R²', 'MAPE, %', 'Coverage of the 90 % interval, %'])
        await single.getByRole('cell', { name, exact: true }).waitFor();
      const coverage = await single.getByRole('row', { name: /^Coverage/ }).innerText();
      expect(Number(/([\d.]+)\s*$/.exec(coverage)![1])).toBeGreaterThan(1);
      await page.getByLabel(`Compare v${a} with`).selectOption(b);
      await page.getByRole('region', { name: `Metrics of v${a}, v${b}`, exact: true }).waitFor();
      expect(await page.getByLabel(`Compare v${a} with`).count()).toBe(0);
      await context.close();
    }, 20_000);

    test('experiments chosen on the list are compared', async () => {
      const context = await world.browser.newContext({ viewport: WIDE });
      const page = await open(context, `${world.console}/experiments`);
      const boxes = page.getByRole('checkbox', { name: /to compare$/ });
      for (const at of [0, 1]) await boxes.nth(at).check();
      await page.getByRole('button', { name: 'Compare 2 runs' }).click();
      await page.waitForURL('**/compare-experiments?runs=*');
      await loaded(page);
      await page.getByRole('cell', { name: 'Test RMSE, trips per hour', exact: true }).waitFor();
      await page.getByText(/numbers that are neither better nor worse/).waitFor();
      await context.close();
    }, 20_000);
  });
}

async function rmseIn(
  metrics: ReturnType<Awaited<ReturnType<typeof open>>['locator']>,
): Promise<[baseline: number, other: number, word: 'better' | 'worse' | 'equal']> {
  const text = await metrics.getByRole('row', { name: /^RMSE, trips per hour/ }).innerText();
  const [, baseline, other, word] = /^RMSE, trips per hour ([\d,.]+) ([\d,.]+) .*?(better|worse|equal)$/.exec(
    text.replace('(best)', '').replace(/\s+/g, ' ').trim(),
  )!;
  const numberIn = (shown: string) => Number(shown.replaceAll(',', ''));
  return [numberIn(baseline!), numberIn(other!), word as 'better' | 'worse' | 'equal'];
}

/** Tests what the console shows of demand forecasts: the next hours, issues with their history, and weather in the form. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { upsertActualHours } from '../../../adapters/postgres/actual-hours.ts';
import type { Database } from '../../../adapters/postgres/database.ts';
import { writeForecast } from '../../../adapters/postgres/demand-forecasts.ts';
import { nextHour } from '../../../console/web/src/format/time.ts';
import { addDays } from '../../../contracts/calendar.ts';
import { queryAsOwner } from '../../fixtures/query-as-owner.ts';
import { issueTimes, sampleForecast } from '../../fixtures/sample-forecast.ts';
import { WIDE, loaded, open } from './visit.ts';
import type { World } from './world.ts';

const SYSTEM = 'nyc-synthetic';
/** Is an issue of which all hours are past, with actual trips. No lifecycle of the tests reads its month. */
const PAST = '2023-05-10T17:00:00.000Z';

/** The hour may end while the tests run, and the times of the issues follow it. */
const STARTED_AT = Date.now();

/** Writes two days of issues up to now, and one of the past with actual trips and scores. */
export async function writeSampleForecasts(database: Database, model: string, runId: string): Promise<void> {
  const run = { workflowId: runId, runId };
  for (const issuedAt of [PAST, ...issueTimes(STARTED_AT, 2)])
    await writeForecast(database, sampleForecast({ system: SYSTEM, model, issuedAt }), run);
  const { hours } = sampleForecast({ model, issuedAt: PAST });
  const rows = hours.map(({ date, hour, prediction }) => ({
    date,
    hour,
    trips: Math.round(prediction * 1.1),
  }));
  await upsertActualHours(database, SYSTEM, rows);
  for (const leadDay of [1, 2, 3])
    await database.query(
      `INSERT INTO forecast_scores (system, model, month, lead_day, hours, issues, versions, rmse, mae, bias, coverage_50, coverage_80,
         coverage_90, width_90, winkler_90, climatology_share, rmse_naive, skill, rmse_observed)
       VALUES ($1, $2, '2023-05', $3, 24, 1, '{1}', 800, 500, -20, .5, .8, .9, 2200, 3000, 0, 1325, .4, 717) ON CONFLICT DO NOTHING`,
      [SYSTEM, model, leadDay],
    );
}

export async function removeForecasts(runId: string): Promise<void> {
  await queryAsOwner('DELETE FROM forecast_issues WHERE workflow_id = $1', [runId]);
  await queryAsOwner(`DELETE FROM forecast_scores WHERE month = '2023-05'`);
  await queryAsOwner(`DELETE FROM actual_hours WHERE system = $1 AND hour < '2023-06-01'`, [SYSTEM]);
}

export function forecastTests(world: World): void {
  describe('forecasts', () => {
    let context: BrowserContext;

    beforeAll(async () => {
      context = await world.browser.newContext({ viewport: WIDE });
    });

    afterAll(() => context?.close());

    const visit = (address: string) => open(context, world.console + address);
    const panelOf = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

    test('the overview shows the next 72 hours, their weather and their origin, above the pipeline', async () => {
      const page = await visit('/');
      const titles = await page.locator('main .panel h2').allInnerTexts();
      expect(titles.indexOf('Next 72 hours')).toBe(titles.indexOf('Pipeline') - 1);
      const panel = panelOf(page, 'Next 72 hours');
      await panel.getByText(/^Issued .* by/).waitFor();
      await panel.getByText('night', { exact: true }).waitFor();
      expect(await panel.locator('svg .shade').count()).toBeGreaterThanOrEqual(3);
      await panel.getByText('Show values').click();
      const values = panel.getByRole('region', { name: /^Values of Trips per hour/ });
      expect(await values.locator('tbody tr').count()).toBe(72);
      expect(await values.locator('tbody tr').first().innerText()).toMatch(
        /:00\t[\d,.]+\t[\d,.]+ to [\d,.]+/,
      );
      const days = panel.getByRole('region', { name: 'Trips and weather by day' });
      expect(await days.locator('tbody tr').count()).toBeGreaterThanOrEqual(3);
      await days.getByText('forecast; high from an earlier one').waitFor();
      await page.close();
    });

    test('the arrow keys read the chart', async () => {
      const page = await visit('/');
      const panel = panelOf(page, 'Next 72 hours');
      await panel.getByRole('img', { name: /^Trips per hour/ }).focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      const legend = await panel.locator('.legend').innerText();
      expect(legend).toMatch(/forecast\s*[\d,.]+/);
      expect(legend).toMatch(/90 % interval\s*[\d,.]+ to [\d,.]+/);
      expect(legend).toMatch(/hour:\s*\w{3} \d+ \w+, \d\d:00/);
      await page.close();
    });

    test('steps through the issues, and compares a past one with actual trips', async () => {
      const [before, newest] = issueTimes(STARTED_AT, 2).slice(-2) as [string, string];
      const page = await visit(`/forecast?issuedAt=${newest}`);
      const list = page.getByLabel(/^Issue \d+ of \d+$/);
      expect(await list.inputValue()).toBe(newest);
      await page.getByRole('button', { name: 'Earlier', exact: true }).click();
      await expect.poll(() => list.inputValue()).toBe(before);
      await page.locator('.legend').getByText('earlier forecasts').waitFor();
      await page.getByRole('button', { name: 'Later', exact: true }).click();
      await expect.poll(() => list.inputValue()).toBe(newest);

      await list.selectOption(PAST);
      await page.locator('.legend').getByText('actual trips').waitFor();
      await page.getByRole('combobox', { name: 'Interval' }).selectOption('0.5');
      await page.locator('.legend').getByText('50 % interval').first().waitFor();
      // The reader has chosen an old issue, so its age is no reason to warn.
      expect(await page.getByText('This forecast is stale').count()).toBe(0);
      await page.screenshot({ path: `${world.screenshots}/forecast-past-light.png`, fullPage: true });
      await page.reload();
      await loaded(page);
      expect(await list.inputValue()).toBe(PAST);
      await page.close();
    });

    test('shows scores by lead day as charts and as a table', async () => {
      const page = await visit('/forecast?month=2023-05');
      const panel = panelOf(page, 'Scores by lead day');
      await panel.getByRole('img', { name: /^RMSE, trips per hour, by lead day/ }).waitFor();
      const table = panel.locator('table', { hasText: 'Winkler' });
      expect(await table.locator('tbody tr').first().innerText()).toMatch(/^1\s+24\s+800\s+500\s+−20\s+40 %/);
      await page.close();
    });

    test('a system without a forecast names the command that makes one', async () => {
      const page = await visit('/forecast?system=boston');
      await page.getByText('No forecast yet.').waitFor();
      await page.getByText(`citibike run forecast --json '{"system": "boston"}'`).waitFor();
      await page.getByText('No month has been scored yet.').waitFor();
      await page.close();
    });

    test('the form begins with the next hour of the place, which is never in the past', async () => {
      const page = await visit('/predict');
      await page.getByText('The form shows the weather forecast issued').waitFor();
      const { date, hour } = nextHour(new Date(), 'America/New_York');
      expect(await page.getByRole('textbox', { name: 'Day', exact: true }).inputValue()).toBe(date);
      expect(await page.getByLabel('Hour, local time').inputValue()).toBe(String(hour));
      await page.close();
    });

    test('a table that is cut at 390 px shows a shadow at the edge that continues', async () => {
      const page = await visit('/forecast');
      await page.setViewportSize({ width: 390, height: 900 });
      await page.getByRole('region', { name: 'Trips and weather by day' }).waitFor();
      const [isCut, shadow] = await page.evaluate<[boolean, string]>(`(() => {
        const box = document.querySelector('[aria-label="Trips and weather by day"]');
        return [box.scrollWidth > box.clientWidth, getComputedStyle(box).backgroundImage];
      })()`);
      expect(isCut).toBe(true);
      expect(shadow.match(/radial-gradient/g)).toHaveLength(2);
      await page.close();
    });

    test('the form has the weather of the forecast, keeps what is entered, and asks for what is unknown', async () => {
      const { weather } = sampleForecast({ model: 'm', issuedAt: issueTimes(STARTED_AT, 2).at(-1)! });
      const tomorrow = weather[1]!;
      const page = await visit(`/predict?date=${tomorrow.date}`);
      await expect
        .poll(() => page.getByLabel('Highest temperature, °F').inputValue())
        .toBe(String(tomorrow.TMAX));
      await page.getByText('The form shows the weather forecast issued').waitFor();
      await page.locator('.answer').waitFor();

      await page.getByLabel('Highest temperature, °F').fill('60');
      await page.getByRole('textbox', { name: 'Day', exact: true }).fill(addDays(tomorrow.date, 1));
      expect(await page.getByLabel('Highest temperature, °F').inputValue()).toBe('60');
      await expect
        .poll(() => page.getByLabel('Lowest temperature, °F').inputValue())
        .toBe(String(weather[2]!.TMIN));

      await page.goto(`${world.console}/predict?date=2025-06-01`);
      await loaded(page);
      await page.getByText('No forecast reaches this day.').waitFor();
      expect(await page.getByLabel('Highest temperature, °F').inputValue()).toBe('');
      await page.close();
    });
  });
}

/** Tests which of two issues of the same time stays, and that the hours of a replaced one are kept. */
import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { Database } from '../../adapters/postgres/database.ts';
import { DAY_MS } from '../../contracts/calendar.ts';
import { readForecast, thinForecasts, writeForecast } from '../../adapters/postgres/demand-forecasts.ts';
import type { DemandForecast } from '../../contracts/demand-forecast.ts';
import { loadSettings } from '../../settings.ts';
import { queryAsOwner } from '../fixtures/query-as-owner.ts';
import { sampleForecast } from '../fixtures/sample-forecast.ts';

const database = new Database(loadSettings().databaseUrl);
const run = `replaced-${randomUUID().slice(0, 8)}`;
const ISSUED = '2025-01-15T12:00:00.000Z';
const [EARLY, LATE] = ['2025-01-15T12:05:00.000Z', '2025-01-15T12:25:00.000Z'];
let count = 0;

afterAll(async () => {
  for (const table of ['forecast_issues', 'replaced_forecasts'])
    await queryAsOwner(`DELETE FROM ${table} WHERE starts_with(model, $1)`, [run]);
  await database.close();
});

type Given = Pick<DemandForecast, 'version' | 'provider'> & { readonly chosenAt: string };

/** Writes issues of one time in order, and returns which calls wrote. */
async function write(...issues: readonly Given[]) {
  const model = `${run}-${(count += 1)}`;
  const written: boolean[] = [];
  for (const { chosenAt, ...given } of issues)
    written.push(
      await writeForecast(database, sampleForecast({ model, issuedAt: ISSUED, ...given }), {
        workflowId: run,
        runId: 'r',
        chosenAt,
      }),
    );
  return { model, written };
}

const stored = (model: string) =>
  database.query('SELECT version, provider FROM forecast_issues WHERE model = $1', [model]);
const replaced = (model: string) =>
  database.query(
    `SELECT version, provider, count(*)::integer AS hours, bool_and(replaced_at >= created_at) AS "isLater"
     FROM replaced_forecasts WHERE model = $1 GROUP BY version, provider, created_at ORDER BY created_at`,
    [model],
  );

const issue = (version: string, provider: DemandForecast['provider'], chosenAt: string): Given => ({
  ...{ version, provider, chosenAt },
});
const NEW = issue('2', 'open-meteo', LATE);

it.each<[string, Given, Given, boolean]>([
  ['a newer champion replaces an older one', issue('1', 'open-meteo', EARLY), NEW, true],
  ['a late run of an older champion replaces nothing', NEW, issue('1', 'open-meteo', EARLY), false],
  [
    'a version with a lower number replaces one if it was chosen later',
    issue('3', 'open-meteo', EARLY),
    NEW,
    true,
  ],
  ['a version issues the same weather once', issue('2', 'open-meteo', EARLY), NEW, false],
  ['another weather service replaces the first', issue('2', 'api.weather.gov', EARLY), NEW, true],
  ['climatology of the same version replaces no weather', NEW, issue('2', 'climatology', LATE), false],
  [
    'climatology of a newer champion replaces no weather',
    issue('1', 'open-meteo', EARLY),
    issue('2', 'climatology', LATE),
    false,
  ],
  [
    'weather of an older champion replaces climatology',
    issue('2', 'climatology', LATE),
    issue('1', 'open-meteo', EARLY),
    true,
  ],
])('%s', async (_rule, first, second, isWritten) => {
  const { model, written } = await write(first, second);
  expect(written).toEqual([true, isWritten]);
  const facts = ({ version, provider }: Given) => ({ version, provider });
  expect(await stored(model)).toEqual([facts(isWritten ? second : first)]);
  expect(await replaced(model)).toEqual(isWritten ? [{ ...facts(first), hours: 168, isLater: true }] : []);
});

it('is never read half replaced', async () => {
  const { model } = await write(issue('1', 'open-meteo', EARLY));
  const replacing = {
    query: async <T extends object>(sql: string, values?: readonly unknown[]) => {
      const rows = await database.query<T>(sql, values);
      const other = sampleForecast({ model, issuedAt: ISSUED, version: '2', scale: 2 });
      await writeForecast(database, other, { workflowId: run, runId: 'r' });
      return rows;
    },
  };
  const key = { system: 'nyc-synthetic', issuedAt: new Date(ISSUED) };
  const first = await readForecast(replacing, model, key);
  const second = await readForecast(database, model, key);
  expect([first!.version, second!.version]).toEqual(['1', '2']);
  expect(second!.hours[5]!.prediction).toBeCloseTo(2 * first!.hours[5]!.prediction, 1);
});

it('keeps all that was served when a champion comes back, and forgets it with the old issues', async () => {
  const { model, written } = await write(
    issue('1', 'open-meteo', EARLY),
    NEW,
    issue('1', 'open-meteo', LATE),
  );
  expect(written).toEqual([true, true, true]);
  expect(await stored(model)).toMatchObject([{ version: '1' }]);
  expect(await replaced(model)).toMatchObject([{ version: '1' }, { version: '2' }]);
  const thin = (days: number) =>
    thinForecasts(database, { system: 'nyc-synthetic', model }, new Date(Date.parse(ISSUED) + days * DAY_MS));
  // The month of its hours may be published 45 days later.
  expect(await thin(44)).toBe(0);
  expect(await replaced(model)).toHaveLength(2);
  expect(await thin(46)).toBe(0);
  expect(await stored(model)).toHaveLength(1);
  expect(await replaced(model)).toEqual([]);
});

/**
 * Tests every query of the dashboards and the alert rules on the real tables, as the reader's role, with macros
 * expanded as Grafana expands them.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { upsertActualHours } from '../../adapters/postgres/actual-hours.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { writeForecast } from '../../adapters/postgres/demand-forecasts.ts';
import { loadSettings, PROJECT_DIR } from '../../settings.ts';
import { sampleForecast } from '../fixtures/sample-forecast.ts';

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly rawSql: string; readonly format: string }[];
}
interface Dashboard {
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly query: string }[] };
}
interface Rule {
  readonly uid: string;
  readonly title: string;
  readonly condition: string;
  readonly execErrState: string;
  readonly data: readonly {
    readonly refId: string;
    readonly datasourceUid: string;
    readonly model: { readonly rawSql?: string; readonly expression?: string };
  }[];
}

const grafana = (...names: string[]) =>
  readFileSync(path.join(PROJECT_DIR, 'deploy', 'grafana', ...names), 'utf8');

const dashboardOf = (name: string) => JSON.parse(grafana('dashboards', `${name}.json`)) as Dashboard;
const panelsOf = ({ panels: all }: Dashboard) => all.filter((panel) => panel.type !== 'row');
const dashboard = dashboardOf('monitoring');
const forecastDashboard = dashboardOf('forecast');
const panels = panelsOf(dashboard);
const forecastPanels = panelsOf(forecastDashboard);
const { datasources } = parseYaml(grafana('provisioning', 'datasources', 'postgres.yaml')) as {
  datasources: { uid: string }[];
};
const { groups } = parseYaml(grafana('provisioning', 'alerting', 'rules.yaml')) as {
  groups: { rules: Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);

const [FROM, TO] = ['2024-01-01T00:00:00Z', '2030-01-01T00:00:00Z'];
const INTERVAL_SECONDS = 3600;

function expandMacros(sql: string): string {
  return sql
    .replace(/\$__timeFrom\(\)/g, `'${FROM}'`)
    .replace(/\$__timeTo\(\)/g, `'${TO}'`)
    .replace(/\$__timeFilter\(([^)]+)\)/g, `$1 BETWEEN '${FROM}' AND '${TO}'`)
    .replace(
      /\$__timeGroupAlias\(([^,]+),\s*\$__interval\)/g,
      `floor(extract(epoch from $1) / ${INTERVAL_SECONDS}) * ${INTERVAL_SECONDS} AS "time"`,
    )
    .replaceAll('${model:sqlstring}', `'${model}'`)
    .replaceAll('${system:sqlstring}', `'${model}'`);
}

/** Lists the type ids of pg_type: bool, int8, int2, int4, float4, float8, numeric. */
const NUMBERS = new Set([20, 21, 23, 700, 701, 1700]);
/** timestamp, timestamptz. */
const TIMES = new Set([1114, 1184]);

const { databaseOwnerUrl, databaseReaderUrl } = loadSettings();
const model = `grafana-test-${randomBytes(4).toString('hex')}`;
const owner = new pg.Client({ connectionString: databaseOwnerUrl });
const reader = new pg.Client({ connectionString: databaseReaderUrl });

beforeAll(async () => {
  await owner.connect();
  await reader.connect();
});

afterAll(async () => {
  await reader.end();
  await owner.end();
});

describe('the dashboard', () => {
  it('has its known title', () => {
    expect(dashboard.title).toBe('Monitoring: Citibike Trip Prediction');
  });

  it.for(['prediction_drift', 'share_missing_values', 'num_drifted_columns'])(
    'shows %s over time',
    (column) => {
      const queries = panels.flatMap((panel) => panel.targets ?? []).map(({ rawSql }) => rawSql);
      const found = queries.find((sql) => sql.includes(column));
      expect(found).toContain('$__timeFilter(timestamp)');
    },
  );

  it('has a row for drift, regression quality, columns, traffic and model versions', () => {
    const rows = dashboard.panels.filter(({ type }) => type === 'row').map(({ title }) => title);
    expect(rows).toEqual(
      expect.arrayContaining([
        'Drift',
        'Regression quality',
        'Columns',
        'Prediction traffic',
        'Model versions',
      ]),
    );
  });

  it.for([...panels, ...forecastPanels])(
    'panel "$title" returns the columns that it draws',
    async ({ targets, datasource }) => {
      expect(datasource?.uid).toBe(datasources[0]!.uid);
      expect(targets).not.toHaveLength(0);
      for (const { rawSql, format } of targets ?? []) {
        const sql = expandMacros(rawSql);
        expect(sql).not.toContain('$__');
        const { fields } = await reader.query(sql);
        if (format === 'table') {
          expect(fields.length).toBeGreaterThan(1);
          continue;
        }
        const time = fields.find(({ name }) => name === 'time');
        expect(time && (TIMES.has(time.dataTypeID) || NUMBERS.has(time.dataTypeID))).toBe(true);
        const values = fields.filter(({ name }) => name !== 'time' && name !== 'metric');
        expect(values).not.toHaveLength(0);
        expect(values.filter(({ dataTypeID }) => !NUMBERS.has(dataTypeID))).toEqual([]);
      }
    },
  );
});

describe('the dashboard with several systems', () => {
  const other = `${model}-other`;
  beforeAll(async () => {
    for (const [system, version, recordedAt] of [
      [model, '1', '2025-02-01'],
      [model, '2', '2025-02-02'],
      [other, '3', '2025-02-03'],
    ] as const) {
      const key = [system, model, version, 'digest', '2025-W02'];
      await owner.query(
        `INSERT INTO drift_weeks (system, model, model_version, reference_sha256, week, first_date, last_date, hours, num_drifted_columns,
           share_missing_values, rmse_score_current, level, report_uri, recorded_at)
         VALUES ($1, $2, $3::text, $4, $5, '2025-01-06', '2025-01-12', 168, 0, 0, $3::text::float8, $3::text::float8, 's3://report', $6)`,
        [...key, recordedAt],
      );
      await owner.query(
        `INSERT INTO drift_columns (system, model, model_version, reference_sha256, week, column_name, score, threshold, drifted)
         VALUES ($1, $2, $3::text, $4, $5, 'TMAX', $3::text::float8, 0.1, false)`,
        key,
      );
    }
  });
  afterAll(() => owner.query('DELETE FROM drift_weeks WHERE model = $1', [model]));

  it.for([
    ['RMSE', 'rmse_score_current'],
    ['Drift score per column', 'value'],
    ['Demand compared with its forecast', 'level'],
  ] as const)('shows the newest check of each week of the chosen system: %s', async ([title, column]) => {
    const [target] = panels.find((panel) => panel.title === title)!.targets!;
    const { rows } = await reader.query<Record<string, unknown>>(expandMacros(target!.rawSql));
    expect(rows).toMatchObject([{ [column]: 2 }]);
  });

  it('offers each monitored system, the one with most weeks first', async () => {
    const [variable] = dashboard.templating.list;
    const { rows } = await reader.query<{ system: string }>(variable!.query);
    expect(rows.map(({ system }) => system)).toEqual(expect.arrayContaining([model, other]));
    expect(rows.findIndex(({ system }) => system === model)).toBeLessThan(
      rows.findIndex(({ system }) => system === other),
    );
  });
});

describe('the dashboard of forecasts', () => {
  const rowsOf = async (title: string) => {
    const [target] = forecastPanels.find((panel) => panel.title === title)!.targets!;
    return (await reader.query<Record<string, unknown>>(expandMacros(target!.rawSql))).rows;
  };

  beforeAll(async () => {
    const database = new Database(databaseOwnerUrl);
    const run = { workflowId: model, runId: 'r' };
    for (const [i, issuedAt] of ['2025-01-13T17:00:00.000Z', '2025-01-14T17:00:00.000Z'].entries())
      await writeForecast(database, sampleForecast({ system: model, model, issuedAt, scale: i + 1 }), run);
    await database.query('UPDATE forecast_issues SET created_at = issued_at WHERE model = $1', [model]);
    await upsertActualHours(database, model, [{ date: '2025-01-15', hour: 8, trips: 2_900 }]);
    for (const [month, leadDay] of [
      ['2024-12', 1],
      ['2025-01', 1],
      ['2025-01', 2],
    ] as const)
      await database.query(
        `INSERT INTO forecast_scores (system, model, month, lead_day, hours, issues, versions, rmse, mae, bias, coverage_50, coverage_80,
           coverage_90, width_90, winkler_90, climatology_share, rmse_naive, skill, rmse_observed)
         VALUES ($1, $1, $2, $3, 744, 31, '{1}', 800, 500, -20, .5, .8, .9, 2200, 3000, 0, 1300, .4, 700)`,
        [model, month, leadDay],
      );
    await database.close();
  });

  afterAll(async () => {
    await owner.query('DELETE FROM forecast_issues WHERE model = $1', [model]);
    await owner.query('DELETE FROM forecast_scores WHERE model = $1', [model]);
    await owner.query('DELETE FROM actual_hours WHERE system = $1', [model]);
  });

  it('shows the newest issue with its interval, and actual trips', async () => {
    const rows = await rowsOf('Trips per hour');
    expect(rows).toHaveLength(168);
    expect(rows[0]).toMatchObject({ time: new Date('2025-01-14T18:00:00Z'), 'actual trips': null });
    const known = rows.filter((row) => row['actual trips'] !== null);
    // 08:00 in New York is 13:00 UTC.
    expect(known).toMatchObject([{ time: new Date('2025-01-15T13:00:00Z'), 'actual trips': 2_900 }]);
  });

  it('shows one forecast per hour of the day before', async () => {
    const rows = await rowsOf('Forecast of the day before');
    // Two issues of following days have 24 hours each at lead day 1.
    expect(rows).toHaveLength(48);
    expect(rows.filter((row) => row['actual trips'] !== null)).toHaveLength(1);
  });

  it('shows age, issues, weather and scores', async () => {
    const [age] = await rowsOf('Age of the forecast');
    expect(age!['age']).toBeGreaterThan(86_400);
    expect(await rowsOf('Issues')).toHaveLength(2);
    expect((await rowsOf('Weather by day'))[0]).toMatchObject({
      day: '2025-01-14',
      high: 48,
      source: 'forecast',
    });
    expect(await rowsOf('RMSE by lead day')).toEqual([
      { lead: 'day 1', forecast: 800, 'observed weather': 700, naive: 1300 },
      { lead: 'day 2', forecast: 800, 'observed weather': 700, naive: 1300 },
    ]);
    expect(await rowsOf('RMSE by month')).toHaveLength(3);
    expect(await rowsOf('Coverage of the 90 % interval')).toHaveLength(3);
  });
});

describe('the alert rules', () => {
  it('have unique ids', () => {
    expect(new Set(rules.map(({ uid }) => uid)).size).toBe(rules.length);
    expect(rules.length).toBeGreaterThan(0);
  });

  it.for(rules)('"$title" counts faults, and its condition reads that count', async ({ data, condition }) => {
    const [query, threshold] = data;
    expect(query!.datasourceUid).toBe(datasources[0]!.uid);
    expect(threshold).toMatchObject({ refId: condition, datasourceUid: '__expr__' });
    expect(threshold!.model.expression).toBe(query!.refId);
    const { fields, rows } = await reader.query<{ value: string }>(query!.model.rawSql!);
    expect(fields.map(({ name }) => name)).toEqual(['value']);
    expect(rows).toHaveLength(1);
    expect(Number(rows[0]!.value)).toBeGreaterThanOrEqual(0);
  });

  it.for(rules)('"$title" does not treat a failed query as a good result', ({ execErrState }) => {
    expect(execErrState).toBe('Error');
  });

  const countOf = async (uid: string) => {
    const { rawSql } = rules.find((rule) => rule.uid === uid)!.data[0]!.model;
    return Number((await owner.query<{ value: string }>(rawSql!)).rows[0]!.value);
  };

  it('detect a served version with wrong forecasts, and ignore other kinds of predictions', async () => {
    const count = () => countOf('citibike-live-bias');
    /** Logs 400 predictions of 1,200 for the last hours, whose trips are 1,000. */
    const log = async (isWhatIf: boolean, leadHours: number) =>
      owner.query(
        `INSERT INTO prediction_blocks (model, version, system, first_at, last_at, predictions, request_id, row_index, predicted_at,
           target_hour, features, prediction, latency_ms, what_if)
         SELECT $1, '1', $1, now(), now(), count(*), array_agg('r'::text), array_agg(0),
           array_agg(hour AT TIME ZONE 'America/New_York' - make_interval(hours => $3)), array_agg(hour), array_agg('{}'::text),
           array_agg(1200.0), array_agg(1.0), $2 FROM actual_hours WHERE system = $1`,
        [model, isWhatIf, leadHours],
      );
    const before = await count();
    await owner.query('BEGIN');
    try {
      await owner.query(
        `INSERT INTO serving_generation (model, generation, desired_version, reason) VALUES ($1, 1, '1', 'test')`,
        [model],
      );
      await owner.query(
        `INSERT INTO actual_hours (system, hour, trips)
         SELECT $1, date_trunc('hour', now() AT TIME ZONE 'America/New_York') - make_interval(hours => i), 1000
         FROM generate_series(10, 409) AS i`,
        [model],
      );
      await log(true, 24);
      await log(false, 0);
      expect(await count()).toBe(before);
      await log(false, 24);
      expect(await count()).toBe(before + 1);
    } finally {
      await owner.query('ROLLBACK');
    }
  });

  const insertDecision = (system: string, decision: string, daysAgo: number) =>
    owner.query(
      `INSERT INTO drift_decisions (system, model, model_version, reference_sha256, current_sha256, reference_from, reference_to,
         current_from, current_to, weeks, drifted_weeks, decision, reasons, report_uri, html_uri, recorded_at)
       VALUES ($1, $2, '1', $3, 'c', '2024-01-01', '2024-01-31', '2025-01-01', '2025-01-31', 5, 5, $4, '[]', 's3://r', 's3://h',
         now() - make_interval(days => $5))`,
      [system, model, String(daysAgo), decision, daysAgo],
    );

  it('detect an alert of the last day', async () => {
    const before = await countOf('citibike-drift-alert');
    await owner.query('BEGIN');
    try {
      await insertDecision('nyc', 'alert', 0);
      expect(await countOf('citibike-drift-alert')).toBe(before + 1);
    } finally {
      await owner.query('ROLLBACK');
    }
  });

  it('detect each system without a check, whatever the others do', async () => {
    await owner.query('BEGIN');
    try {
      await owner.query('DELETE FROM drift_decisions');
      expect(await countOf('citibike-no-drift-check')).toBe(0);
      await insertDecision('nyc', 'keep', 1);
      for (const daysAgo of [41, 50]) await insertDecision('late', 'keep', daysAgo);
      await insertDecision('given-up', 'keep', 400);
      expect(await countOf('citibike-no-drift-check')).toBe(1);
    } finally {
      await owner.query('ROLLBACK');
    }
  });
});

it('the reader does not read a table without a declared grant', async () => {
  await owner.query('CREATE TABLE later_test (id integer)');
  try {
    await expect(reader.query('SELECT * FROM later_test')).rejects.toMatchObject({ code: '42501' });
  } finally {
    await owner.query('DROP TABLE later_test');
  }
});

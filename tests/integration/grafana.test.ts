/**
 * Tests every query of the dashboard and the alert rules on the real tables, as the reader's role, with macros
 * expanded as Grafana expands them.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { loadSettings, PROJECT_DIR } from '../../settings.ts';

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly rawSql: string; readonly format: string }[];
}
interface Dashboard {
  readonly title: string;
  readonly panels: readonly Panel[];
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

const dashboard = JSON.parse(grafana('dashboards', 'monitoring.json')) as Dashboard;
const panels = dashboard.panels.filter((panel) => panel.type !== 'row');
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
    );
}

/** Type ids of pg_type: bool, int8, int2, int4, float4, float8, numeric. */
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

  it.for(panels)('panel "$title" returns the columns that it draws', async ({ targets, datasource }) => {
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

  it('detect a served version with wrong forecasts, and ignore other kinds of predictions', async () => {
    const rule = rules.find(({ uid }) => uid === 'citibike-live-bias')!;
    const count = async () =>
      Number((await owner.query<{ value: string }>(rule.data[0]!.model.rawSql!)).rows[0]!.value);
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

  it('detect an alert of the last day', async () => {
    const rule = rules.find(({ uid }) => uid === 'citibike-drift-alert');
    const count = async () =>
      Number((await owner.query<{ value: string }>(rule!.data[0]!.model.rawSql!)).rows[0]!.value);
    const before = await count();
    await owner.query('BEGIN');
    try {
      await owner.query(
        `INSERT INTO drift_decisions (system, model, model_version, reference_sha256, current_sha256, reference_from, reference_to,
           current_from, current_to, weeks, drifted_weeks, decision, reasons, report_uri, html_uri, recorded_at)
         VALUES ('nyc', $1, '1', 'r', 'c', '2024-01-01', '2024-01-31', '2025-01-01', '2025-01-31', 5, 5, 'alert', '[]', 's3://r', 's3://h', now())`,
        [model],
      );
      expect(await count()).toBe(before + 1);
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

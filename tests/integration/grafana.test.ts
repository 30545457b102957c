/** Every query of the dashboard against the real tables, its macros expanded as Grafana expands them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Database } from '../../adapters/postgres/database.ts';
import { loadSettings, PROJECT_DIR } from '../../settings.ts';

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly { readonly rawSql: string; readonly format: string }[];
}
interface Dashboard {
  readonly title: string;
  readonly panels: readonly Panel[];
}

const file = path.join(PROJECT_DIR, 'deploy', 'grafana', 'dashboards', 'monitoring.json');
const dashboard = JSON.parse(readFileSync(file, 'utf8')) as Dashboard;
const panels = dashboard.panels.filter((panel) => panel.type !== 'row');

const [FROM, TO] = ['2024-01-01T00:00:00Z', '2030-01-01T00:00:00Z'];
const INTERVAL_SECONDS = 3600;

function expandMacros(sql: string): string {
  return sql
    .replace(/\$__timeFilter\(([^)]+)\)/g, `$1 BETWEEN '${FROM}' AND '${TO}'`)
    .replace(
      /\$__timeGroupAlias\(([^,]+),\s*\$__interval\)/g,
      `floor(extract(epoch from $1) / ${INTERVAL_SECONDS}) * ${INTERVAL_SECONDS} AS "time"`,
    );
}

const database = new Database(loadSettings().databaseUrl);
afterAll(() => database.close());

describe('the dashboard', () => {
  it('has the title that people know', () => {
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

  it.for(panels)('panel "$title" has queries that Postgres runs', async ({ targets }) => {
    expect(targets).not.toHaveLength(0);
    for (const { rawSql } of targets ?? []) {
      const sql = expandMacros(rawSql);
      expect(sql).not.toContain('$__');
      await database.query(sql);
    }
  });
});

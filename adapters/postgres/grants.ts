/**
 * Defines what each role may do with each table and view of the `monitoring` database. Only the owner can use
 * a table that is not listed.
 */
import type pg from 'pg';

export const OWNER_ROLE = 'citibike_owner';
export const APPLICATION_ROLE = 'citibike_app';
export const READER_ROLE = 'citibike_reader';

export interface Grant {
  /** Rights of worker, prediction service and console. */
  readonly application: readonly ('SELECT' | 'INSERT' | 'UPDATE' | 'DELETE')[];
  /** Marks tables that `citibike sql` and dashboards may read. */
  readonly isReadable: boolean;
}

const RECORDED: Grant = { application: ['SELECT', 'INSERT', 'UPDATE'], isReadable: true };
const KEPT_FOR_A_TIME: Grant = { application: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'], isReadable: true };
/** Is the grant for rows that the application writes once and never changes or deletes. */
const APPENDED: Grant = { application: ['SELECT', 'INSERT'], isReadable: true };
const SECRET: Grant = { application: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'], isReadable: false };
const OWNERS_ALONE: Grant = { application: [], isReadable: false };
const VIEW: Grant = { application: ['SELECT'], isReadable: true };

export const GRANTS: Readonly<Record<string, Grant>> = {
  actual_hours: RECORDED,
  citibike_decisions: VIEW,
  citibike_drift_columns: VIEW,
  citibike_live_accuracy: VIEW,
  citibike_metrics: VIEW,
  citibike_week_levels: VIEW,
  console_audit: APPENDED,
  console_audit_outcomes: APPENDED,
  console_sessions: SECRET,
  console_tokens: SECRET,
  demand_forecasts: KEPT_FOR_A_TIME,
  drift_columns: RECORDED,
  drift_decisions: KEPT_FOR_A_TIME,
  drift_newest_weeks: VIEW,
  drift_retrainings: RECORDED,
  drift_system_weeks: VIEW,
  drift_weeks: RECORDED,
  forecast_issues: KEPT_FOR_A_TIME,
  forecast_scores: RECORDED,
  lineage_edges: APPENDED,
  // Locking rows before a delete requires the right to update them.
  prediction_blocks: KEPT_FOR_A_TIME,
  // Services of an older version write single rows during a rolling update.
  prediction_log: { application: ['SELECT', 'INSERT'], isReadable: true },
  replaced_forecasts: KEPT_FOR_A_TIME,
  schema_migrations: OWNERS_ALONE,
  served_forecasts: VIEW,
  serving_generation: RECORDED,
  serving_process: KEPT_FOR_A_TIME,
  serving_traffic: KEPT_FOR_A_TIME,
  step_runs: RECORDED,
  weather_forecasts: RECORDED,
  worker_process: KEPT_FOR_A_TIME,
  workflow_runs: RECORDED,
};

/**
 * Applies the grants to existing roles and tables in one transaction, so that running services never lack a
 * right. A managed Postgres with a single role has neither role, so nothing is granted.
 * @param client a connection of the owner.
 */
export async function applyGrants(client: pg.ClientBase): Promise<void> {
  await client.query('BEGIN');
  try {
    // Two concurrent runs would change the same catalogue rows.
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('citibike:grants', 0))`);
    const roles = await namesOf(client, 'SELECT rolname AS name FROM pg_roles WHERE rolname = ANY($1)', [
      [APPLICATION_ROLE, READER_ROLE],
    ]);
    const tables = await namesOf(
      client,
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY($1)`,
      [Object.keys(GRANTS)],
    );
    for (const role of roles) {
      // The fifth migration granted the reader every future table.
      await client.query(`ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM ${role}`);
      for (const table of tables) {
        await client.query(`REVOKE ALL ON ${table} FROM ${role}`);
        const rights = rightsOf(role, GRANTS[table]!);
        if (rights.length > 0) await client.query(`GRANT ${rights.join(', ')} ON ${table} TO ${role}`);
      }
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function rightsOf(role: string, { application, isReadable }: Grant): readonly string[] {
  if (role === APPLICATION_ROLE) return application;
  return isReadable ? ['SELECT'] : [];
}

async function namesOf(client: pg.ClientBase, sql: string, values: unknown[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(sql, values);
  return rows.map(({ name }) => name);
}

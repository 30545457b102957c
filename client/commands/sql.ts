import { Command } from 'commander';
import { Database } from '../../adapters/postgres/database.ts';
import type { TextRows } from '../../adapters/postgres/value-types.ts';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { loadSettings } from '../../settings.ts';
import { auditedCommand } from '../audited-command.ts';
import { print } from '../print.ts';
import { sqlJson, sqlTable } from '../sql-rows.ts';

/** Limits the number of characters of a statement in the audit; the rest may contain private data. */
const MOST_RECORDED_CHARS = 80;

interface SqlFlags {
  readonly json?: boolean;
  readonly write?: boolean;
}

export function sqlCommand(): Command {
  return new Command('sql')
    .description('Runs one statement on the monitoring database, by default as the read-only role.')
    .argument('<statement>')
    .option('--json', 'print rows as a JSON array')
    .option('--write', 'run as the application role, which may change rows')
    .addHelpText(
      'after',
      `
Values are printed as Postgres writes them, with times in UTC. In JSON, NaN, Infinity, -Infinity, numeric and
bigint from 2^53 are texts, bytea is hexadecimal, and the second column of one name becomes name_2.
`,
    )
    .addHelpText(
      'after',
      "Example:\n  citibike sql 'select * from citibike_metrics order by timestamp desc limit 5'",
    )
    .action(async (statement: string, flags: SqlFlags) => runStatement(statement, flags));
}

async function runStatement(statement: string, { json, write }: SqlFlags): Promise<void> {
  const settings = loadSettings();
  const database = new Database(write ? settings.databaseUrl : settings.databaseReaderUrl, { max: 1 });
  const run = (): Promise<TextRows> => database.single(statement, write ? 'READ WRITE' : 'READ ONLY');
  const detail = { statement: statement.slice(0, MOST_RECORDED_CHARS) };
  try {
    const rows = write
      ? await auditedCommand(settings, { action: 'citibike sql --write', target: 'monitoring', detail }, run)
      : await run();
    print(json ? sqlJson(rows) : sqlTable(rows));
  } catch (error) {
    if (!/multiple commands into a prepared statement/.test(messageOf(error))) throw error;
    throw new CitibikeError(
      'INVALID_INPUT',
      `statement: got several, expected one, which runs ${write ? 'in a transaction' : 'read-only'}; run them one by one`,
    );
  } finally {
    await database.close();
  }
}

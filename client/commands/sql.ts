import { Command } from 'commander';
import { Database, type Row } from '../../adapters/postgres/database.ts';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { loadSettings } from '../../settings.ts';
import { auditedCommand } from '../audited-command.ts';
import { table } from '../table.ts';
import { print } from '../print.ts';

/** Maximum number of characters of a statement in the audit; the rest may contain private data. */
const MOST_RECORDED_CHARS = 80;

interface SqlFlags {
  readonly json?: boolean;
  readonly write?: boolean;
}

export function sqlCommand(): Command {
  return new Command('sql')
    .description('Runs one statement on the monitoring database, by default as the read-only role.')
    .argument('<statement>')
    .option('--json', 'rows as a JSON array')
    .option('--write', 'as the application role, which may change rows')
    .addHelpText(
      'after',
      "\nExample:\n  citibike sql 'select * from citibike_metrics order by timestamp desc limit 5'",
    )
    .action(async (statement: string, flags: SqlFlags) => runStatement(statement, flags));
}

async function runStatement(statement: string, { json, write }: SqlFlags): Promise<void> {
  const settings = loadSettings();
  const database = new Database(write ? settings.databaseUrl : settings.databaseReaderUrl, { max: 1 });
  const run = (): Promise<Row[]> => database.single(statement, write ? 'READ WRITE' : 'READ ONLY');
  const detail = { statement: statement.slice(0, MOST_RECORDED_CHARS) };
  try {
    const rows = write
      ? await auditedCommand(settings, { action: 'citibike sql --write', target: 'monitoring', detail }, run)
      : await run();
    print(json ? `${JSON.stringify(rows, null, 2)}\n` : describe(rows));
  } catch (error) {
    if (!/multiple commands into a prepared statement/.test(messageOf(error))) throw error;
    throw new CitibikeError(
      'INVALID_INPUT',
      `statement: got several, expected one, which runs ${write ? 'in a transaction' : 'read-only'}: run them one by one`,
    );
  } finally {
    await database.close();
  }
}

function describe(rows: readonly Row[]): string {
  const [first] = rows;
  if (!first) return '(no rows)\n';
  const columns = Object.keys(first);
  const cells = rows.map((row) => columns.map((column) => cell(row[column])));
  return `${table(columns, cells)}(${rows.length} row${rows.length === 1 ? '' : 's'})\n`;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value.replace(/\s+/g, ' ');
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}

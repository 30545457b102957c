import { Command } from 'commander';
import { Database, type Row } from '../../adapters/postgres/database.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { loadSettings } from '../../settings.ts';
import { table } from '../table.ts';

interface SqlFlags {
  readonly json?: boolean;
  readonly write?: boolean;
}

export function sqlCommand(): Command {
  return new Command('sql')
    .description('Runs one statement on the monitoring database, read-only unless told otherwise.')
    .argument('<statement>')
    .option('--json', 'rows as a JSON array')
    .option('--write', 'allow it to change data')
    .addHelpText(
      'after',
      "\nExample:\n  citibike sql 'select * from citibike_metrics order by timestamp desc limit 5'",
    )
    .action(async (statement: string, flags: SqlFlags) => runStatement(statement, flags));
}

async function runStatement(statement: string, { json, write }: SqlFlags): Promise<void> {
  const url = new URL(loadSettings().databaseUrl);
  // For the whole session, so that a COMMIT in the statement does not end it. A guard against slips, not against intent.
  if (!write) url.searchParams.set('options', '-c default_transaction_read_only=on');
  const database = new Database(url.href, { max: 1 });
  try {
    const rows: Row[] | undefined = await database.transaction((query) => query(statement));
    if (!rows) throw new CitibikeError('INVALID_INPUT', 'one statement at a time: these were rolled back');
    process.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : describe(rows));
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

import { Command } from 'commander';
import { createToken, listTokens, revokeToken } from '../../adapters/postgres/console-tokens.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import { loadSettings } from '../../settings.ts';
import { auditedCommand } from '../audited-command.ts';
import { print } from '../print.ts';
import { table } from '../table-text.ts';

const MOST_DAYS = 3_650;

/** `citibike console-token create alice --expires 30d`, `list`, `revoke alice` */
export function consoleTokenCommand(): Command {
  const command = new Command('console-token')
    .description('Creates, lists and revokes tokens of the console.')
    .addHelpText('after', '\nExample:\n  citibike console-token create alice --expires 30d');
  command
    .command('create')
    .description('Creates a token and prints it once.')
    .argument('<name>', 'name of the user, recorded with every action')
    .option('--expires <time>', 'lifetime, such as 30d or 12h; default: unlimited')
    .action(create);
  command
    .command('list')
    .description('Lists the names of the tokens and when they expire.')
    .option('--json', 'print a JSON array')
    .action(list);
  command
    .command('revoke')
    .description('Revokes a token and the browser sessions that signed in with it. Takes effect within 5 s.')
    .argument('<name>')
    .action(revoke);
  return command;
}

async function create(name: string, { expires }: { expires?: string }): Promise<void> {
  if (!/^[\w.@-]{1,100}$/.test(name))
    throw new CitibikeError(
      'INVALID_INPUT',
      `name: got ${showValue(name)}, expected 1 to 100 letters, digits and _ . @ -`,
    );
  const days = expires === undefined ? undefined : daysOf(expires);
  const detail = days === undefined ? {} : { days };
  await onDatabase('create', name, detail, async (database) => {
    print(`${await createToken(database, name, days)}\n`);
  });
}

async function revoke(name: string): Promise<void> {
  await onDatabase('revoke', name, {}, async (database) => {
    if (await revokeToken(database, name)) return void print(`revoked: ${name}\n`);
    throw new CitibikeError(
      'SOURCE_NOT_FOUND',
      `there is no token ${showValue(name)}; citibike console-token list shows the names`,
    );
  });
}

async function list({ json = false }: { json?: boolean }): Promise<void> {
  const database = new Database(loadSettings().databaseUrl, { max: 1 });
  try {
    const tokens = await listTokens(database);
    if (json) return void print(`${JSON.stringify(tokens, null, 2)}\n`);
    const rows = tokens.map(({ name, createdAt, expiresAt, expired, sessions }) => [
      name,
      minuteOf(createdAt),
      expiresAt === null ? 'never' : `${minuteOf(expiresAt)}${expired ? ' (expired)' : ''}`,
      String(sessions),
    ]);
    print(table(['token', 'made (UTC)', 'expires (UTC)', 'sessions'], rows));
  } finally {
    await database.close();
  }
}

async function onDatabase(
  verb: string,
  name: string,
  detail: object,
  work: (database: Database) => Promise<void>,
): Promise<void> {
  const settings = loadSettings();
  const database = new Database(settings.databaseUrl, { max: 1 });
  try {
    await auditedCommand(
      settings,
      { action: `citibike console-token ${verb}`, target: name.slice(0, 100), detail },
      () => work(database),
    );
  } finally {
    await database.close();
  }
}

/** @throws CitibikeError INVALID_INPUT */
function daysOf(text: string): number {
  const [, amount, unit] = /^(\d{1,5})([dh])$/.exec(text) ?? [];
  const days = Number(amount) / (unit === 'h' ? 24 : 1);
  if (unit !== undefined && days > 0 && days <= MOST_DAYS) return days;
  throw new CitibikeError(
    'INVALID_INPUT',
    `--expires: got ${showValue(text)}, expected days or hours such as 30d or 12h, up to ${MOST_DAYS}d`,
  );
}

function minuteOf(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ');
}

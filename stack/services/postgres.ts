/** Defines Postgres 18 with the databases `monitoring` (this project's) and `mlflow`, each with its own roles. */
import { execFile } from 'node:child_process';
import { closeSync, existsSync, fchownSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { CitibikeError } from '../../contracts/errors.ts';
import { provisionRoles, SUPERUSER } from '../database-roles.ts';
import { databaseUrl, serverEnvironment } from '../environment.ts';
import type { Service } from '../service.ts';
import { postgresHome } from '../postgres-home.ts';
import { processInfo } from '../process-table.ts';
import type { ServiceContext } from './context.ts';

/** Requires a password for every login; overwrites the configuration of an earlier version or of the user. */
const HOST_BASED_AUTHENTICATION = `# The local stack writes this file at every start.
host all all 127.0.0.1/32 scram-sha-256
`;

const READY_TIMEOUT_MS = 2_000;
/** Is the connection timeout; a server that has just started may be slow on a busy machine. */
const CONNECT_TIMEOUT_MS = 20_000;

/** Error code of Postgres for a wrong password. */
const INVALID_PASSWORD = '28P01';

export function postgresService({ settings, layout, credentials }: ServiceContext): Service {
  const port = settings.ports.postgres;
  let home: ReturnType<typeof postgresHome> | undefined;
  const here = () => (home ??= postgresHome(layout));
  const asAccount = () => {
    const { account } = here();
    return account ? { uid: account.uid, gid: account.gid } : {};
  };
  // The locale decides how texts sort; C sorts the same on every machine.
  const env = serverEnvironment(layout, { LC_ALL: 'C' });

  return {
    name: 'postgres',
    title: 'Postgres',
    address: `127.0.0.1:${port}`,
    ports: [{ port, setting: 'POSTGRES_PORT' }],
    needs: [],
    startTimeoutMs: 60_000,

    async prepare() {
      const { data } = here();
      removeStalePidFile(data);
      if (!existsSync(path.join(data, 'PG_VERSION'))) await initialise(data);
      writeForAccount(path.join(data, 'pg_hba.conf'), HOST_BASED_AUTHENTICATION);
    },

    command() {
      const { software, data } = here();
      return {
        file: path.join(software, 'bin', 'postgres'),
        // There is no socket file, because all clients use TCP on the loopback.
        args: [
          '-D',
          data,
          '-p',
          String(port),
          '-c',
          'listen_addresses=127.0.0.1',
          '-c',
          'unix_socket_directories=',
        ],
        env,
        cwd: '/',
        ...asAccount(),
      };
    },

    isReady: () =>
      asSuperuser('postgres', async () => true, READY_TIMEOUT_MS).catch((error: unknown) => {
        if ((error as { code?: unknown }).code !== INVALID_PASSWORD) return false;
        throw new CitibikeError(
          'STACK',
          `Postgres rejects the postgresPassword of ${layout.credentials}, expected the one that ${here().data} was made with. Restore the entry, for example from a backup, or delete the data with 'citibike reset'.`,
          {},
          { cause: error },
        );
      }),

    settle: () => provisionRoles(asSuperuser, credentials),
  };

  /** Recreates the file, because an existing one in the account's folder could be a link to a file of root. */
  function writeForAccount(file: string, text: string): void {
    rmSync(file, { force: true });
    const descriptor = openSync(file, 'wx', 0o600);
    try {
      writeSync(descriptor, text);
      const { account } = here();
      if (account) fchownSync(descriptor, account.uid, account.gid);
    } finally {
      closeSync(descriptor);
    }
  }

  async function initialise(data: string): Promise<void> {
    const { software } = here();
    // The password does not go over stdin: Node's pipe is a socket, which initdb cannot open by name.
    const passwordFile = path.join(path.dirname(data), `initdb-password-${process.pid}`);
    writeForAccount(passwordFile, `${credentials.postgresPassword}\n`);
    try {
      await promisify(execFile)(
        path.join(software, 'bin', 'initdb'),
        [
          ...[
            `--pgdata=${data}`,
            `--pwfile=${passwordFile}`,
            `--username=${SUPERUSER}`,
            '--auth=scram-sha-256',
          ],
          ...['--encoding=UTF8', '--no-locale'],
        ],
        { ...asAccount(), env, cwd: '/' },
      );
    } catch (error) {
      const said = String((error as { stderr?: unknown }).stderr ?? error).trim();
      throw new CitibikeError('STACK', `initdb failed in ${data}: ${said}`, {}, { cause: error });
    } finally {
      rmSync(passwordFile, { force: true });
    }
  }

  async function asSuperuser<T>(
    database: string,
    work: (client: pg.Client) => Promise<T>,
    timeoutMs = CONNECT_TIMEOUT_MS,
  ): Promise<T> {
    const client = new pg.Client({
      connectionString: databaseUrl(settings, SUPERUSER, credentials.postgresPassword, database),
      connectionTimeoutMillis: timeoutMs,
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }
}

/**
 * Removes a stale postmaster.pid, unless its pid is a Postgres on these data. After a crash of the machine, another process can
 * have that pid, and Postgres would not start.
 */
function removeStalePidFile(data: string): void {
  const file = path.join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const holder = processInfo(pid);
  if (!holder?.command.includes(data)) rmSync(file, { force: true });
}

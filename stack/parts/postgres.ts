/** Postgres 18: databases `monitoring` (ours) and `mlflow`. */
import { execFile } from 'node:child_process';
import { chownSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { CitibikeError } from '../../contracts/errors.ts';
import { databaseUrl, serverEnvironment } from '../environment.ts';
import type { Part } from '../part.ts';
import { postgresHome } from '../postgres-home.ts';
import { processInfo } from '../process-table.ts';
import type { PartContext } from './context.ts';

const DATABASES = ['monitoring', 'mlflow'];

export function postgresPart({ settings, layout, credentials }: PartContext): Part {
  const port = settings.ports.postgres;
  let home: ReturnType<typeof postgresHome> | undefined;
  const here = () => (home ??= postgresHome(layout));
  const asAccount = () => {
    const { account } = here();
    return account ? { uid: account.uid, gid: account.gid } : {};
  };
  // The locale decides how texts sort: C sorts the same on every machine.
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
      if (existsSync(path.join(data, 'PG_VERSION'))) return;
      await initialise(data);
    },

    command() {
      const { software, data } = here();
      return {
        file: path.join(software, 'bin', 'postgres'),
        // No socket file: everything goes over TCP on the loopback.
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

    isReady: () => withClient('postgres', async () => true).catch(() => false),

    async settle() {
      await withClient('postgres', async (client) => {
        const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
        const known = new Set(rows.map((row) => row.datname));
        for (const name of DATABASES) if (!known.has(name)) await client.query(`CREATE DATABASE ${name}`);
      });
    },
  };

  async function initialise(data: string): Promise<void> {
    const { software, account } = here();
    // Not over stdin: Node's pipe is a socket, which initdb cannot open by name.
    const passwordFile = path.join(path.dirname(data), `initdb-password-${process.pid}`);
    writeFileSync(passwordFile, `${credentials.postgresPassword}\n`, { mode: 0o600 });
    if (account) chownSync(passwordFile, account.uid, account.gid);
    try {
      await promisify(execFile)(
        path.join(software, 'bin', 'initdb'),
        [
          ...[`--pgdata=${data}`, `--pwfile=${passwordFile}`, '--username=postgres', '--auth=scram-sha-256'],
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

  async function withClient<T>(database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({
      connectionString: databaseUrl(settings, credentials, database),
      connectionTimeoutMillis: 2_000,
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
 * After a crash of the machine, postmaster.pid can name a pid that another process has by now, and Postgres would refuse to
 * start. It is removed only when that process is not a Postgres on these data.
 */
function removeStalePidFile(data: string): void {
  const file = path.join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const holder = processInfo(pid);
  if (!holder?.command.includes(data)) rmSync(file, { force: true });
}

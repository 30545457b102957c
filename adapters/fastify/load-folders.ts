/** Loads the plugins and routes of a server from its folders. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import autoload from '@fastify/autoload';
import type { FastifyInstance } from 'fastify';

/**
 * Registers every file of `plugins/`, then every file of `routes/`, with the same options. A plugin adds hooks
 * and decorators and no routes, so every hook is in place before the first route. Plugins that need others
 * first name them as `dependencies`.
 * @throws Error if a plugin declares a route, which hooks of later plugins would not protect, or if a file
 *   exports no plugin.
 */
export async function loadFolders(app: FastifyInstance, folder: string, options: object): Promise<void> {
  const [plugins, routes] = ['plugins', 'routes'].map((name) => path.join(folder, name)) as [string, string];
  await requireDefaultExports(plugins);
  await requireDefaultExports(routes);
  await app.register(autoload, { dir: plugins, options });
  const early = app.declaredRoutes.map(({ url }) => url);
  if (early.length > 0)
    throw new Error(`plugins/ declares the routes ${early.join(', ')}: move them to routes/`);
  await app.register(autoload, { dir: routes, dirNameRoutePrefix: false, options });
}

/** Autoload skips a file without a default export, so a server would start without its access checks. */
async function requireDefaultExports(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
    if (typeof module.default !== 'function') throw new Error(`${file} has no plugin as its default export`);
  }
}

/** Loads the plugins and routes of a server from its folders. */
import path from 'node:path';
import autoload from '@fastify/autoload';
import type { FastifyInstance } from 'fastify';

/**
 * Registers every file of `plugins/`, then every file of `routes/`, with the same options. A plugin adds hooks
 * and decorators and no routes, so every hook is in place before the first route. Plugins that need others
 * first name them as `dependencies`.
 * @throws Error if a plugin declares a route, which hooks of later plugins would not protect.
 */
export async function loadFolders(app: FastifyInstance, folder: string, options: object): Promise<void> {
  await app.register(autoload, { dir: path.join(folder, 'plugins'), options });
  const early = app.declaredRoutes.map(({ url }) => url);
  if (early.length > 0)
    throw new Error(`plugins/ declares the routes ${early.join(', ')}: move them to routes/`);
  await app.register(autoload, { dir: path.join(folder, 'routes'), dirNameRoutePrefix: false, options });
}

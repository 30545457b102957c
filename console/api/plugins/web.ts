/** The pages: what vite built, and its index.html for every address of the router. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { HttpProblem } from '../../../adapters/fastify/problem.ts';
import { pathOf, sendProblem } from '../../../adapters/fastify/send-problem.ts';

/** @param folder with index.html; where there is none, only the API is served. */
export const webPlugin = fp<{ folder: string }>(
  async (app: FastifyInstance, { folder }) => {
    const isBuilt = existsSync(path.join(folder, 'index.html'));
    if (isBuilt) {
      await app.register(fastifyStatic, {
        root: folder,
        // Names of assets carry their digest; index.html must always be the newest.
        immutable: true,
        maxAge: '1y',
        setHeaders: (response, file) => {
          if (!file.includes(`${path.sep}assets${path.sep}`))
            void response.header('cache-control', 'no-cache');
        },
      });
    }
    app.setNotFoundHandler(async (request, reply) => {
      const address = pathOf(request);
      const isPage = request.method === 'GET' && !address.startsWith('/api/') && !/\.\w{1,5}$/.test(address);
      if (isPage && isBuilt) return reply.sendFile('index.html', { maxAge: 0, immutable: false });
      const detail =
        isPage && !isBuilt
          ? 'The pages are not built: run `npx vite build console/web`, then start the console again. The API is there: /api/openapi.json.'
          : `There is nothing at ${address}; /api/openapi.json lists what there is.`;
      return sendProblem(request, reply, new HttpProblem(404, 'not-found', detail));
    });
  },
  { name: 'web' },
);

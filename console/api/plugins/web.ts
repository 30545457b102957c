/** The pages: what vite built, and its index.html for every address of the router. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import { HttpProblem } from '../../../adapters/fastify/problem.ts';
import { pathOf, sendProblem } from '../../../adapters/fastify/send-problem.ts';

export interface WebOptions {
  /** With index.html; where there is none, only the API is served. */
  readonly folder: string;
  /** The page is told, so that it asks for the token before it asks for anything else. */
  readonly readNeedsToken: boolean;
}

export const webPlugin = fp<WebOptions>(
  async (app: FastifyInstance, { folder, readNeedsToken }) => {
    const file = path.join(folder, 'index.html');
    const isBuilt = existsSync(file);
    const mark = readNeedsToken ? '<html data-reads="token"' : '<html';
    if (isBuilt) {
      await app.register(fastifyStatic, {
        root: folder,
        index: false,
        // Names of assets carry their digest; index.html must always be the newest.
        immutable: true,
        maxAge: '1y',
        setHeaders: (response, asset) => {
          if (!asset.includes(`${path.sep}assets${path.sep}`))
            void response.header('cache-control', 'no-cache');
        },
      });
    }
    // Read anew each time: it names the assets of the newest build.
    const sendPage = async (reply: FastifyReply) => {
      const page = (await readFile(file, 'utf8')).replace('<html', mark);
      return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page);
    };
    if (isBuilt)
      for (const address of ['/', '/index.html'])
        app.get(address, { schema: { hide: true } }, (_request, reply) => sendPage(reply));
    app.setNotFoundHandler(async (request, reply) => {
      const address = pathOf(request);
      const isPage = request.method === 'GET' && !address.startsWith('/api/') && !/\.\w{1,5}$/.test(address);
      if (isPage && isBuilt) return sendPage(reply);
      const detail =
        isPage && !isBuilt
          ? 'The pages are not built: run `npx vite build console/web`, then start the console again. The API is there: /api/openapi.json.'
          : `There is nothing at ${address}; /api/openapi.json lists what there is.`;
      return sendProblem(request, reply, new HttpProblem(404, 'not-found', detail));
    });
  },
  { name: 'web' },
);

/** The pages: what vite built, and its index.html for every address of the router. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { noRoute } from '../../../adapters/fastify/no-route.ts';
import { HttpProblem } from '../../../adapters/fastify/problem.ts';
import { withAccess } from '../../../adapters/fastify/route-access.ts';
import { pathOf, sendProblem } from '../../../adapters/fastify/send-problem.ts';

export interface WebOptions {
  /** With index.html; where there is none, only the API is served. */
  readonly folder: string;
  /** The page is told, so that it asks for the token before it asks for anything else. */
  readonly readNeedsToken: boolean;
}

const PUBLIC = { access: 'public' } as const;
const PAGE_ADDRESSES = ['/', '/index.html'];

export const webPlugin = fp<WebOptions>(
  async (app: FastifyInstance, { folder, readNeedsToken }) => {
    const file = path.join(folder, 'index.html');
    const isBuilt = existsSync(file);
    const mark = readNeedsToken ? '<html data-reads="token"' : '<html';
    // Read anew each time: it names the assets of the newest build.
    const sendPage = async (reply: FastifyReply) => {
      const page = (await readFile(file, 'utf8')).replace('<html', mark);
      return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page);
    };
    const nothing = (request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(request, reply, noRoute(app, request, '/api/openapi.json'));
    // An unknown API path must not return a page.
    app.get('/api/*', { config: { access: 'read' }, schema: { hide: true } }, nothing);
    if (!isBuilt) {
      app.setNotFoundHandler(nothing);
      for (const address of PAGE_ADDRESSES)
        app.get(address, { config: PUBLIC, schema: { hide: true } }, () => {
          throw new HttpProblem(
            404,
            'not-found',
            'The pages are not built: run `npx vite build console/web`, then start the console again. The API is there: /api/openapi.json.',
          );
        });
      return;
    }
    await app.register(withAccess('public', fastifyStatic), {
      root: folder,
      index: false,
      // Asset names carry a digest; index.html must always be current.
      immutable: true,
      maxAge: '1y',
      setHeaders: (response, asset) => {
        if (!asset.includes(`${path.sep}assets${path.sep}`))
          void response.header('cache-control', 'no-cache');
      },
    });
    for (const address of PAGE_ADDRESSES)
      app.get(address, { config: PUBLIC, schema: { hide: true } }, (_request, reply) => sendPage(reply));
    // The file route calls this handler for a missing file, which may be an address of the page's router.
    app.setNotFoundHandler(async (request, reply) => {
      const isFile = /\.\w{1,5}$/.test(pathOf(request));
      return request.method === 'GET' && !isFile ? sendPage(reply) : nothing(request, reply);
    });
  },
  { name: 'web', dependencies: ['route-access'] },
);

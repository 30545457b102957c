/** Serves the pages that vite built, and index.html for every address of their router. */
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
import type { ConsoleOptions } from '../options.ts';

const PUBLIC = { access: 'public' } as const;
const PAGE_ADDRESSES = ['/', '/index.html'];

export default fp<ConsoleOptions>(
  async (app: FastifyInstance, { web: folder, facts: { readNeedsToken } }) => {
    const file = path.join(folder, 'index.html');
    const isBuilt = existsSync(file);
    const mark = readNeedsToken ? '<html data-reads="token"' : '<html';
    // Reads the file for each request, because it names the assets of the newest build.
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
            'The pages are not built: run `npx vite build console/web`, then restart the console. The API works: /api/openapi.json.',
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
  // Not encapsulated: its handler answers for every address without a route.
  { name: 'pages' },
);

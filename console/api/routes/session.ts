/** Signs users in where reading needs a token, and signs them out. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { recordSession } from '../../../adapters/postgres/console-audit.ts';
import { identityOfSession } from '../../../adapters/postgres/console-identity.ts';
import { closeSession, openSession } from '../../../adapters/postgres/console-sessions.ts';
import { HttpProblem } from '../../../adapters/fastify/problem.ts';
import { actionOf } from '../audited.ts';
import type { ConsoleOptions } from '../options.ts';
import { identityOf } from '../plugins/access.ts';
import { ACTION_PROBLEMS, Done, NoBody } from '../schemas/common.ts';
import { cookieOf, sessionIn } from '../session-cookie.ts';

const tags = ['operations'];
const SessionAnswer = Type.Object({
  readNeedsToken: Type.Boolean({ description: 'true if the console listens beyond the loopback' }),
  mayRead: Type.Boolean({ description: 'true if the caller may see what the console shows' }),
});

const TokenAnswer = Type.Object({ name: Type.String() });

const routes: FastifyPluginAsyncTypebox<ConsoleOptions> = async (app, { facts: { readNeedsToken } }) => {
  const { upstreams, database } = app.sources;

  app.get(
    '/api/session',
    {
      config: { access: 'public' },
      schema: { tags, summary: 'Tell whether reading needs a token', response: { 200: SessionAnswer } },
    },
    async (request) => ({ readNeedsToken, mayRead: await app.mayRead(request) }),
  );

  app.get(
    '/api/token',
    {
      config: { access: 'act' },
      exposeHeadRoute: false,
      schema: {
        tags,
        security: [{ token: [] }],
        summary: 'Name of the token, if it permits actions',
        response: { 200: TokenAnswer, 401: ACTION_PROBLEMS[401], 429: ACTION_PROBLEMS[429] },
      },
    },
    (request) => ({ name: identityOf(request).name }),
  );

  app.post(
    '/api/session',
    {
      config: { access: 'act' },
      schema: {
        tags,
        security: [{ token: [] }],
        summary: 'Sign in: set a session cookie that permits reading until the browser closes',
        body: NoBody,
        response: { 200: Done, ...ACTION_PROBLEMS },
      },
    },
    async (request, reply) => {
      const identity = identityOf(request);
      const token = (request.headers.authorization ?? '').replace('Bearer ', '');
      const session = await upstreams.need('postgres', async () => {
        await recordSession(database, 'sign-in', identity, eventOf(request, identity.name));
        return openSession(database, token);
      });
      if (session === undefined) throw new HttpProblem(401, 'unauthorized', 'The token was just revoked.');
      void reply.header('set-cookie', cookieOf(session, request));
      return { done: true as const };
    },
  );

  app.delete(
    '/api/session',
    {
      config: { access: 'public' },
      schema: { tags, summary: 'Sign out: end the session', response: { 200: Done } },
    },
    async (request, reply) => {
      const session = sessionIn(request);
      if (session !== undefined) {
        await upstreams.need('postgres', async () => {
          const identity = await identityOfSession(database, session);
          await closeSession(database, session);
          if (identity) await recordSession(database, 'sign-out', identity, eventOf(request, identity.name));
        });
        app.forgetIdentities();
      }
      void reply.header('set-cookie', cookieOf('', request));
      return { done: true as const };
    },
  );
};

export default routes;

function eventOf(request: FastifyRequest, target: string) {
  return { via: 'console', from: request.ip, action: actionOf(request), target } as const;
}

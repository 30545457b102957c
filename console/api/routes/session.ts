/** Coming in where reading needs the token, and going out again. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { SESSION_COOKIE } from '../plugins/access.ts';
import { ACTION_PROBLEMS, Done } from '../schemas/common.ts';
import { NoBody } from '../schemas/operations.ts';

const tags = ['operations'];
const SessionAnswer = Type.Object({
  readNeedsToken: Type.Boolean({ description: 'true when the console listens beyond the loopback' }),
  mayRead: Type.Boolean({ description: 'whether who asks may see what the console shows' }),
});

export const sessionRoutes: FastifyPluginAsyncTypebox<{ readNeedsToken: boolean }> = async (
  app,
  { readNeedsToken },
) => {
  app.get(
    '/api/session',
    {
      config: { open: true },
      schema: { tags, summary: 'Whether a token is needed to read', response: { 200: SessionAnswer } },
    },
    async (request) => ({ readNeedsToken, mayRead: await app.mayRead(request) }),
  );

  app.post(
    '/api/session',
    {
      schema: {
        tags,
        security: [{ token: [] }],
        summary: 'Keep the token for reading in a cookie, until the browser closes',
        body: NoBody,
        response: { 200: Done, ...ACTION_PROBLEMS },
      },
    },
    async (request, reply) => {
      const token = (request.headers.authorization ?? '').replace('Bearer ', '');
      void reply.header('set-cookie', cookieOf(token, isSecure(request)));
      return { done: true as const };
    },
  );

  app.delete(
    '/api/session',
    {
      config: { readOnly: true, open: true },
      schema: { tags, summary: 'Forget it', response: { 200: Done } },
    },
    async (request, reply) => {
      void reply.header('set-cookie', `${cookieOf('', isSecure(request))}; Max-Age=0`);
      return { done: true as const };
    },
  );
};

/** No script reads it, and no page of another site sends it. */
function cookieOf(value: string, secure: boolean): string {
  return `${SESSION_COOKIE}=${value}; Path=/api; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}

/** Directly, or as the proxy in front says. */
function isSecure({ protocol, headers }: { protocol: string; headers: Record<string, unknown> }): boolean {
  return protocol === 'https' || headers['x-forwarded-proto'] === 'https';
}

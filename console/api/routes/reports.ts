/** Serves GET /api/reports: the HTML reports and pictures that runs write, in a sandbox. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { reportType } from '../report-type.ts';
import { UriQuery } from '../schemas/data.ts';

/** Policy for reports: no script, no form, no request. */
const REPORT_POLICY =
  "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const { upstreams, storage } = app.sources;

  app.get(
    '/api/reports',
    {
      config: { access: 'read' },
      schema: {
        tags: ['artifacts'],
        summary: 'A report in a sandbox',
        produces: ['text/html', 'image/svg+xml'],
        querystring: UriQuery,
      },
    },
    async ({ query: { uri } }, reply) => {
      const type = reportType(storage.checked(uri), storage.reportBuckets);
      const abort = new AbortController();
      const { body, bytes } = await upstreams.need('s3', () => storage.open(uri, abort.signal));
      reply.raw.once('close', () => {
        abort.abort();
        body.destroy();
      });
      if (bytes !== null) void reply.header('content-length', bytes);
      // A sandboxed page has no origin that could have its own agent cluster.
      void reply.removeHeader('origin-agent-cluster');
      return reply
        .header('content-security-policy', REPORT_POLICY)
        .header('x-frame-options', 'SAMEORIGIN')
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'private, no-store')
        .type(type)
        .send(body);
    },
  );
};

export default routes;

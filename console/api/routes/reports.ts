/** Serves GET /api/reports: the HTML reports and pictures that runs write, in a sandbox. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { CitibikeError } from '../../../contracts/errors.ts';
import { showValue } from '../../../contracts/show-value.ts';
import { parseS3Uri } from '../../../adapters/s3/object-store.ts';
import { UriQuery } from '../schemas/data.ts';

/** Policy for reports: no script, no form, no request. */
const REPORT_POLICY =
  "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Keys of reports: of the quality of data, of explorations, and of the steps that write reports. */
const ARTIFACT_REPORT =
  /^(quality|explore)\/.+\.(html|svg)$|\/(quality|drift|evaluate|backtest|retention)\/[0-9a-f]{16}\/[^/]+\.(html|svg)$/;
/** Files that a training logs to its MLflow run, beside the model. */
const LOGGED_REPORT = /^[^/]+\/[^/]+\/artifacts\/(evaluation\.html|pictures\/[^/]+\.svg)$/;

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const { upstreams, storage } = app.sources;
  const [artifacts, mlflow] = storage.reportBuckets;

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
      const { bucket, key } = parseS3Uri(storage.checked(uri));
      const isReport =
        (bucket === artifacts && ARTIFACT_REPORT.test(key)) || (bucket === mlflow && LOGGED_REPORT.test(key));
      if (!isReport) {
        const wanted = 'an HTML or SVG report of a run, a month or a data set';
        throw new CitibikeError('INVALID_INPUT', `uri: got ${showValue(uri)}, expected ${wanted}`, {
          problems: [{ field: 'uri', got: uri, wanted }],
        });
      }
      const abort = new AbortController();
      const { body, bytes } = await upstreams.need('s3', () => storage.open(uri, abort.signal));
      reply.raw.once('close', () => {
        abort.abort();
        body.destroy();
      });
      if (bytes !== null) void reply.header('content-length', bytes);
      return reply
        .header('content-security-policy', REPORT_POLICY)
        .header('x-frame-options', 'SAMEORIGIN')
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'private, no-store')
        .type(TYPES[key.slice(key.lastIndexOf('.') + 1)]!)
        .send(body);
    },
  );
};

export default routes;

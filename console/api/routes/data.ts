/** Serves months of data, artifacts and lineage. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { lineageOf } from '../lineage.ts';
import { INVALID, NOT_FOUND } from '../schemas/common.ts';
import {
  DataAnswer,
  FolderAnswer,
  FolderQuery,
  LineageAnswer,
  LineageQuery,
  ManifestAnswer,
  MonthAnswer,
  MonthParams,
  UriQuery,
} from '../schemas/data.ts';

/** Policy for reports in place: no script, no form, no address of the console. */
const REPORT_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const { sources } = app;
  const { upstreams, storage } = sources;

  app.get(
    '/api/data',
    {
      config: { access: 'read' },
      schema: {
        tags: ['data'],
        summary: 'Months by system and rule set',
        querystring: Type.Object({ system: Type.Optional(Type.String({ maxLength: 50 })) }),
        response: { 200: DataAnswer },
      },
    },
    async ({ query }) => {
      // The first call reads a pointer and a report per month.
      const months = await upstreams.ask('s3', () => storage.months(), 20_000);
      return {
        data: {
          systems: [...new Set((months ?? []).map(({ system }) => system))],
          months:
            months && months.filter(({ system }) => query.system === undefined || system === query.system),
        },
        upstreams: upstreams.bodyOf('s3'),
      };
    },
  );

  app.get(
    '/api/data/:system/:rules/:month',
    {
      config: { access: 'read' },
      schema: {
        tags: ['data'],
        summary: 'A month: quality report, facts, first hours',
        params: MonthParams,
        response: { 200: MonthAnswer, ...NOT_FOUND, ...INVALID },
      },
    },
    async ({ params }) => ({
      data: await upstreams.ask('s3', () => storage.month(params.system, params.rules, params.month), 10_000),
      upstreams: upstreams.bodyOf('s3'),
    }),
  );

  app.get(
    '/api/artifacts',
    {
      config: { access: 'read' },
      schema: {
        tags: ['artifacts'],
        summary: 'A folder of a bucket',
        querystring: FolderQuery,
        response: { 200: FolderAnswer, ...INVALID },
      },
    },
    async ({ query: { bucket, prefix = '', cursor } }) => {
      const { buckets } = storage;
      const page =
        bucket === undefined
          ? undefined
          : await upstreams.ask('s3', () => storage.folder(bucket, prefix, cursor));
      return {
        data: {
          buckets,
          folders: page?.folders ?? null,
          objects: page?.objects ?? null,
          nextCursor: page?.nextCursor ?? null,
        },
        upstreams: upstreams.bodyOf('s3'),
      };
    },
  );

  app.get(
    '/api/artifacts/manifest',
    {
      config: { access: 'read' },
      schema: {
        tags: ['artifacts'],
        summary: 'An artifact and what made it',
        querystring: UriQuery,
        response: { 200: ManifestAnswer, ...NOT_FOUND, ...INVALID },
      },
    },
    async ({ query }) => ({
      data: await upstreams.ask('s3', () => storage.manifest(query.uri)),
      upstreams: upstreams.bodyOf('s3'),
    }),
  );

  app.get(
    '/api/artifacts/lineage',
    {
      config: { access: 'read' },
      schema: {
        tags: ['artifacts'],
        summary: 'Inputs and outputs of an artifact',
        querystring: LineageQuery,
        response: { 200: LineageAnswer, ...INVALID },
      },
    },
    async ({ query: { uri, direction = 'both', depth = 8 } }) => ({
      data: await lineageOf(sources, uri, direction, depth),
      upstreams: upstreams.bodyOf('postgres', 's3'),
    }),
  );

  app.get(
    '/api/artifacts/content',
    {
      config: { access: 'read' },
      schema: {
        tags: ['artifacts'],
        summary: 'The bytes of an artifact: a download, or a report in a sandbox',
        querystring: Type.Object({
          ...UriQuery.properties,
          show: Type.Optional(
            Type.Boolean({
              description: 'true: show HTML reports and pictures in place instead of as a download',
            }),
          ),
        }),
      },
    },
    async ({ query: { uri, show = false } }, reply) => {
      const abort = new AbortController();
      const { body, bytes } = await upstreams.need('s3', () => storage.open(uri, abort.signal));
      reply.raw.once('close', () => {
        abort.abort();
        body.destroy();
      });
      const name = uri.slice(uri.lastIndexOf('/') + 1);
      const shown = show ? SHOWN[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] : undefined;
      if (bytes !== null) void reply.header('content-length', bytes);
      void reply
        .header('content-security-policy', REPORT_POLICY)
        .header('x-frame-options', 'SAMEORIGIN')
        .header('cache-control', 'private, no-store')
        .type(shown ?? 'application/octet-stream');
      if (!shown) void reply.header('content-disposition', `attachment; filename*=UTF-8''${quoted(name)}`);
      return reply.send(body);
    },
  );

  app.get(
    '/api/artifacts/json',
    {
      config: { access: 'read' },
      schema: {
        tags: ['artifacts'],
        summary: 'A JSON artifact of up to 5 MB',
        querystring: UriQuery,
        response: { 200: Type.Object({ data: Type.Unknown() }), ...NOT_FOUND, ...INVALID },
      },
    },
    async ({ query }) => ({ data: await upstreams.need('s3', () => storage.json(query.uri)) }),
  );
};

export default routes;

/** Content types that may be shown in place, by extension; the sandbox applies to each. */
const SHOWN: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  txt: 'text/plain; charset=utf-8',
  log: 'text/plain; charset=utf-8',
  json: 'text/plain; charset=utf-8',
  csv: 'text/plain; charset=utf-8',
};

/** Encodes a file name for a header (RFC 5987). encodeURIComponent keeps some characters that a header must not contain. */
function quoted(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

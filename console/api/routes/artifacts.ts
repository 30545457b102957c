/** Serves artifacts: folders, search, previews, content and lineage. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { artifactsByStep, findArtifacts } from '../../../adapters/postgres/lineage-edges.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import { lineageOf } from '../lineage.ts';
import {
  FolderAnswer,
  FolderQuery,
  LineageAnswer,
  LineageQuery,
  ManifestAnswer,
  PreviewAnswer,
  SearchAnswer,
  SearchQuery,
  UriQuery,
} from '../schemas/artifacts.ts';
import { INVALID, NOT_FOUND } from '../schemas/common.ts';

/** Sets the policy for reports in place: no script, no form, no address of the console. */
const REPORT_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const { sources } = app;
  const { upstreams, storage, previews, database } = sources;

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
        // A sandboxed frame has an origin of its own, and the browser would warn.
        .removeHeader('origin-agent-cluster')
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

  app.get(
    '/api/artifacts/search',
    {
      config: { access: 'read' },
      schema: {
        tags: ['artifacts'],
        summary: 'Artifacts of all runs by step and by words of their address, newest first',
        querystring: SearchQuery,
        response: { 200: SearchAnswer, ...INVALID },
      },
    },
    async ({ query: { step, q = '', limit = 50, cursor } }) => {
      const offset = Math.min(
        MOST_OFFSET,
        Math.max(0, Math.trunc(Number(fromCursor(cursor, 'offset')?.offset ?? 0)) || 0),
      );
      const words = q.split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);
      const found = await upstreams.ask('postgres', () =>
        Promise.all([
          findArtifacts(database, { step, words, offset, limit: limit + 1 }),
          artifactsByStep(database),
        ]),
      );
      const [items, steps] = found ?? [];
      return {
        data: {
          items:
            items?.slice(0, limit).map((item) => ({ ...item, recordedAt: item.recordedAt.toISOString() })) ??
            null,
          nextCursor: items && items.length > limit ? toCursor({ offset: offset + limit }) : null,
          steps: steps?.map((each) => ({ ...each })) ?? null,
        },
        upstreams: upstreams.bodyOf('postgres'),
      };
    },
  );

  app.get(
    '/api/artifacts/preview',
    {
      config: { access: 'read' },
      schema: {
        tags: ['artifacts'],
        summary: 'The head of a table with statistics, a JSON value, or a text',
        querystring: UriQuery,
        response: { 200: PreviewAnswer, ...NOT_FOUND, ...INVALID },
      },
    },
    async ({ query: { uri } }) => ({
      data: await upstreams.ask('s3', () => previews.preview(uri), PREVIEW_MS),
      upstreams: upstreams.bodyOf('s3'),
    }),
  );
};

export default routes;

/** Lists the content types that may be shown in place, by extension; the sandbox applies to each. Previews show tables, JSON and texts. */
const SHOWN: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  htm: 'text/html; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
};

/** Encodes a file name for a header (RFC 5987). encodeURIComponent keeps some characters that a header must not contain. */
function quoted(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Limits the words of a search that count. */
const MOST_WORDS = 8;
/** Artifacts beyond this one are found by a narrower search. */
const MOST_OFFSET = 10_000;
const PREVIEW_MS = 10_000;

/** Schemas that all answers share: state of upstreams, pages of a list, references to artifacts. */
import { Type, type Static, type TSchema } from 'typebox';
import { SystemId } from '../../../contracts/systems.ts';

export const Nullable = <T extends TSchema>(schema: T, options: { readonly description?: string } = {}) =>
  Type.Union([schema, Type.Null()], options);

export const Time = Type.String({ format: 'date-time', description: 'ISO 8601, UTC' });

export const UpstreamBody = Type.Object({
  state: Type.Union([Type.Literal('up'), Type.Literal('down')]),
  error: Type.Optional(Type.String({ description: 'why the server is down or rejected the request' })),
  asOf: Type.String({ format: 'date-time', description: 'time of the newest data from this server' }),
});
export type UpstreamBody = Static<typeof UpstreamBody>;

/** Names only the upstreams that the answer needs. */
export const UpstreamsBody = Type.Object(
  {
    temporal: Type.Optional(UpstreamBody),
    mlflow: Type.Optional(UpstreamBody),
    s3: Type.Optional(UpstreamBody),
    postgres: Type.Optional(UpstreamBody),
    inference: Type.Optional(UpstreamBody),
  },
  { description: 'state of the servers that the answer needs; explains panels that are null' },
);
export type UpstreamsBody = Static<typeof UpstreamsBody>;
export type UpstreamName = keyof UpstreamsBody;

export const Answer = <T extends TSchema>(data: T) => Type.Object({ data, upstreams: UpstreamsBody });

/** `items` is null if its upstream is down. */
export const PageOf = <T extends TSchema>(item: T) =>
  Answer(
    Type.Object({
      items: Nullable(Type.Array(item)),
      nextCursor: Nullable(Type.String({ description: 'opaque; null on the last page' })),
    }),
  );

/** Selects one system. */
export const SystemQuery = Type.String({ ...SystemId, default: undefined });

export const PageQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'an integer from 1 to 200' }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 2000, description: "a page's nextCursor" })),
};

export const Reason = Type.String({
  minLength: 1,
  maxLength: 2000,
  description: 'reason, a sentence of up to 2000 characters',
});

export const JsonValue = Type.Unknown({
  description: 'JSON; references to artifacts are objects with uri and sha256',
});

export const Started = Type.Object({
  workflowId: Type.String(),
  runId: Type.String(),
});
export const NoBody = Type.Object({}, { additionalProperties: false });
export const Done = Type.Object({ done: Type.Literal(true) });

export const ProblemBody = Type.Object({
  type: Type.String({ description: 'urn:citibike:problem:{kind}, stable' }),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  instance: Type.String(),
  request_id: Type.String(),
  errors: Type.Optional(
    Type.Array(
      Type.Object({ field: Type.String(), message: Type.String(), got: Type.Optional(Type.Unknown()) }),
    ),
  ),
});

const problemContent = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ProblemBody } },
});

export const NOT_FOUND = { 404: problemContent('The object does not exist.') };
export const INVALID = { 422: problemContent('A field is invalid; `errors` names each.') };
/** Problems that every action can answer. */
export const ACTION_PROBLEMS = {
  401: problemContent('The token is missing or invalid.'),
  403: problemContent('The request comes from a page of another host.'),
  415: problemContent('The body is not application/json, or it is compressed.'),
  ...INVALID,
  429: problemContent('Too many wrong tokens; see Retry-After.'),
  503: problemContent('The server that the action needs does not answer.'),
};

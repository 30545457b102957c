/** Defines the schema of RFC 9457 problem details, the form of every error. */
import { Type } from 'typebox';

const FieldErrorBody = Type.Object({
  row: Type.Union([Type.Integer(), Type.Null()], {
    description: 'index in input_data, from 0; null when the error is not about one row',
  }),
  field: Type.String(),
  message: Type.String({ description: 'what was expected' }),
  got: Type.Optional(Type.Unknown({ description: 'the sent value, cut if long' })),
});

export const ProblemBody = Type.Object(
  {
    type: Type.String({ description: 'urn:citibike:problem:{kind}, stable' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String({ description: 'path of the request' }),
    request_id: Type.String({ description: 'the same as the X-Request-Id header' }),
    errors: Type.Optional(Type.Array(FieldErrorBody, { description: 'at most 100' })),
  },
  { description: 'RFC 9457 problem details' },
);

const problemContent = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ProblemBody } },
});

/** Describes error answers of the prediction routes, for their OpenAPI description. */
export const PREDICTION_PROBLEMS = {
  400: problemContent('The body is not valid JSON.'),
  401: problemContent('The service needs a key, and the request has no valid one.'),
  408: problemContent('The request did not arrive in time.'),
  413: problemContent('The body is too large.'),
  415: problemContent('The body is not application/json, or it is compressed.'),
  422: problemContent('A row or field is invalid; `errors` names each.'),
  429: problemContent(
    'The key, or the address if no keys are needed, exceeded its limit of requests per second; see Retry-After.',
  ),
  503: problemContent(
    'No model is loaded yet, the service is overloaded, or the request waited too long; see Retry-After.',
  ),
};

/** Describes error answers of GET /v1/forecast. */
export const FORECAST_PROBLEMS = {
  401: PREDICTION_PROBLEMS[401],
  422: problemContent('A query parameter is invalid; `errors` names each.'),
  429: PREDICTION_PROBLEMS[429],
  503: problemContent('No forecast has been issued yet, or the service is overloaded; see Retry-After.'),
};

export const NOT_FOUND_PROBLEM = { 404: problemContent('The address does not exist.') };

/** RFC 9457 problem details, as every error is answered. */
import { Type } from 'typebox';

const FieldErrorBody = Type.Object({
  row: Type.Union([Type.Integer(), Type.Null()], {
    description: 'index in input_data, from 0; null when the error is not about one row',
  }),
  field: Type.String(),
  message: Type.String({ description: 'what was expected' }),
  got: Type.Optional(Type.Unknown({ description: 'what was sent; long values are cut' })),
});

const ProblemBody = Type.Object(
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

/** Error answers of the prediction routes, for their OpenAPI description. */
export const PREDICTION_PROBLEMS = {
  400: problemContent('The body is not valid JSON.'),
  401: problemContent('The service asks for a key, and none that it knows was sent.'),
  408: problemContent('The request did not arrive in time.'),
  413: problemContent('The body is too large.'),
  415: problemContent('The body is not application/json, or it is compressed.'),
  422: problemContent('A row or field is wrong; `errors` names each.'),
  429: problemContent(
    'The key, or the address where no keys are needed, has used up its requests a second; see Retry-After.',
  ),
  503: problemContent(
    'No model is loaded yet, or the service is overloaded, or the request waited too long; see Retry-After.',
  ),
};

export const NOT_FOUND_PROBLEM = { 404: problemContent('There is no such thing.') };

/** Names the schemas and responses that several routes of the OpenAPI document share. */
import type { Components } from '../../adapters/fastify/openapi-components.ts';
import { Prediction } from './predict.ts';
import { NOT_FOUND_PROBLEM, PREDICTION_PROBLEMS, ProblemBody } from './problem.ts';

export const COMPONENTS: Components = {
  schemas: { Prediction, Problem: ProblemBody },
  responses: {
    BadRequest: PREDICTION_PROBLEMS[400],
    Unauthorized: PREDICTION_PROBLEMS[401],
    NotFound: NOT_FOUND_PROBLEM[404],
    RequestTimeout: PREDICTION_PROBLEMS[408],
    ContentTooLarge: PREDICTION_PROBLEMS[413],
    UnsupportedMediaType: PREDICTION_PROBLEMS[415],
    Invalid: PREDICTION_PROBLEMS[422],
    TooManyRequests: PREDICTION_PROBLEMS[429],
    Unavailable: PREDICTION_PROBLEMS[503],
  },
};

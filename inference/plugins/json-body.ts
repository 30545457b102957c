/** Reads batches of rows within bounds. */
import fp from 'fastify-plugin';
import { jsonBodyPlugin } from '../../adapters/fastify/json-body.ts';
import { BODY_LIMITS, ROWS_FIELD } from '../schemas/body-limits.ts';

/** Limits large bodies to 64 MB, ten of the largest. A queue of five large requests takes a few seconds. */
const LARGE_BODIES = { bytes: 64 * 1024 * 1024, waiting: 4 };

export default fp(
  async (app) => {
    await app.register(jsonBodyPlugin, { limits: BODY_LIMITS, large: LARGE_BODIES, rowsField: ROWS_FIELD });
  },
  { name: 'json-limits', dependencies: ['problem-details'] },
);

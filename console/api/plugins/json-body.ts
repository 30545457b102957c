/** Accepts only JSON: a form of another site can send plain text without a CORS preflight. */
import fp from 'fastify-plugin';
import { jsonBodyPlugin } from '../../../adapters/fastify/json-body.ts';

/** A workflow input has a few hundred values; a reason has at most 2,000 characters of up to six bytes each. */
const LIMITS = { depth: 8, rows: 1_000, values: 1_000, textBytes: 12_288 };
const LARGE_BODIES = { bytes: 16 * 1024 * 1024, waiting: 16 };

export default fp(
  async (app) => {
    await app.register(jsonBodyPlugin, { limits: LIMITS, large: LARGE_BODIES });
  },
  { name: 'json-limits', dependencies: ['problem-details'] },
);

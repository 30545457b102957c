/** Answers every error as problem details and logs internal causes. */
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { asProblem, type ProblemStyle } from '../../../adapters/fastify/problem.ts';
import { sendProblem } from '../../../adapters/fastify/send-problem.ts';

const STYLE: ProblemStyle = {
  emptyBody: 'The body is empty; send a JSON object.',
  bodyTooLarge: 'The body is too large for the console.',
  failed: 'An internal error occurred; the log of the console has the cause under the request id.',
  tellsUpstreams: true,
};

export default fp(
  (app: FastifyInstance) => {
    app.setErrorHandler(async (error, request, reply) => {
      const problem = asProblem(error, STYLE);
      if (problem.status === 500) request.log.error({ err: error }, 'request failed');
      await sendProblem(request, reply, problem);
    });
  },
  { name: 'problem-details' },
);

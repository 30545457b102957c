/** Every error leaves as RFC 9457 problem details; what went wrong inside goes to the log. */
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { noRoute } from '../../adapters/fastify/no-route.ts';
import { asProblem, HttpProblem, type ProblemStyle } from '../../adapters/fastify/problem.ts';
import { sendProblem } from '../../adapters/fastify/send-problem.ts';

const STYLE: ProblemStyle = {
  emptyBody: 'The body is empty; send {"input_data": [...]}.',
  bodyTooLarge: 'The body is larger than this service reads; send fewer rows in one request.',
  failed: 'The service failed on this request; its log has the cause under the request id.',
  tellsUpstreams: false,
};

export default fp(
  (app: FastifyInstance) => {
    app.setErrorHandler(async (error, request, reply) => {
      // What Fastify finds wrong with a body that no route would read is not the caller's first mistake.
      const isOurs = error instanceof HttpProblem;
      const problem = request.is404 && !isOurs ? noRoute(app, request, '/docs') : asProblem(error, STYLE);
      if (problem.status >= 500 && !isOurs) request.log.error({ err: error }, 'request failed');
      await sendProblem(request, reply, problem);
    });
    app.setNotFoundHandler(async (request, reply) =>
      sendProblem(request, reply, noRoute(app, request, '/docs')),
    );
  },
  { name: 'problem-details' },
);

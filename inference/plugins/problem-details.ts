/** Answers every error as RFC 9457 problem details and logs internal causes. */
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { noRoute } from '../../adapters/fastify/no-route.ts';
import { asProblem, HttpProblem, type ProblemStyle } from '../../adapters/fastify/problem.ts';
import { sendProblem } from '../../adapters/fastify/send-problem.ts';

const STYLE: ProblemStyle = {
  emptyBody: 'The body is empty; send {"input_data": [...]}.',
  bodyTooLarge: 'The body is too large for this service; send fewer rows in one request.',
  failed: 'An internal error occurred; the log of the service has the cause under the request id.',
  tellsUpstreams: false,
};

export default fp(
  (app: FastifyInstance) => {
    app.setErrorHandler(async (error, request, reply) => {
      // An unknown route takes precedence over errors that Fastify finds in its body.
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

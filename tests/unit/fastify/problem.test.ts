import { expect, test } from 'vitest';
import {
  asProblem,
  HttpProblem,
  problemDetails,
  type ProblemStyle,
} from '../../../adapters/fastify/problem.ts';
import { CitibikeError } from '../../../contracts/errors.ts';

const SECRET = 'pl4nted-s3cret';
const STYLE: ProblemStyle = { emptyBody: '', bodyTooLarge: '', failed: 'failed', tellsUpstreams: true };

const answer = (error: unknown): string =>
  JSON.stringify(problemDetails(asProblem(error, STYLE), '/', 'request-1'));

test.each([
  ['its own', new HttpProblem(404, 'not-found', `no https://alice:${SECRET}@host`)],
  ['of the catalogue', new CitibikeError('UPSTREAM_REFUSED', `MLflow: Bearer ${SECRET}`)],
  ["of Fastify's", Object.assign(new Error(`no ?token=${SECRET}`), { statusCode: 400 })],
])('a problem %s reveals no secret', (_, error) => {
  expect(answer(error)).toContain('***');
  expect(answer(error)).not.toContain(SECRET);
});

test('neither a path nor a message of 1.5 MB is repeated', () => {
  const huge = 'é'.repeat(1_500_000);
  const problem = new HttpProblem(404, 'not-found', huge);
  expect(JSON.stringify(problemDetails(problem, `/${huge}`, 'request-1')).length).toBeLessThan(4_096);
});

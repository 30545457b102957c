/** Which version answers a request: the served one, or one on trial beside it. Always one, for all rows. */
import type { FastifyRequest } from 'fastify';
import type { ModelFollower, ServedModel } from './model-follower.ts';
import { servedModel } from './plugins/model.ts';
import { HttpProblem } from '../adapters/fastify/problem.ts';
import type { Computed } from './trial-run.ts';

/** Callers that send it stay with one version while a trial lasts; others go by their request's id. */
const ROUTING_KEY_HEADER = 'x-routing-key';

export function routingKeyOf({ headers, id }: Pick<FastifyRequest, 'headers' | 'id'>): string {
  const key = headers[ROUTING_KEY_HEADER];
  return typeof key === 'string' && key !== '' ? key : id;
}

/**
 * Answers by the version that the key leads to. A candidate that fails is counted, and the served version answers: no caller pays for
 * a trial.
 * @param answerBy answers by the version it is given, in whole.
 */
export async function answerRouted<Body>(
  models: ModelFollower,
  key: string,
  answerBy: (version: ServedModel) => Promise<{ body: Body; computed: Computed }>,
): Promise<Body> {
  const served = servedModel(models);
  const { trial } = models;
  if (!trial) return (await answerBy(served)).body;

  if (trial.picksCandidate(key)) {
    try {
      return await answerOnTrial(trial.candidate);
    } catch (error) {
      if (isNoFaultOf(error)) throw error;
    }
  }
  return answerOnTrial(served);

  async function answerOnTrial(version: ServedModel): Promise<Body> {
    try {
      const { body, computed } = await answerBy(version);
      trial!.computed(version.version, computed.ms);
      trial!.compareLater(served, version, computed);
      return body;
    } catch (error) {
      if (!isNoFaultOf(error)) trial!.failed(version.version);
      throw error;
    }
  }
}

/** The caller's own mistake, or more work than the process can do: the version has no part in it. In a deadline missed it has. */
function isNoFaultOf(error: unknown): boolean {
  return error instanceof HttpProblem && error.kind !== 'deadline-exceeded';
}

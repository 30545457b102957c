/** Chooses the version that answers all rows of a request: the served one, or the canary beside it. */
import type { FastifyRequest } from 'fastify';
import type { ModelFollower, ServedModel } from './model-follower.ts';
import { servedModel } from './plugins/model.ts';
import { HttpProblem } from '../adapters/fastify/problem.ts';
import type { Computed } from './canary-run.ts';

/** Callers that send this header stay with one version during a canary. Other requests are distributed by their ids. */
const ROUTING_KEY_HEADER = 'x-routing-key';

export function routingKeyOf({ headers, id }: Pick<FastifyRequest, 'headers' | 'id'>): string {
  const key = headers[ROUTING_KEY_HEADER];
  return typeof key === 'string' && key !== '' ? key : id;
}

/**
 * Answers by the version that the key picks. A failure of the canary is counted, and the served version answers.
 * @param answerBy answers the whole request by the given version.
 */
export async function answerRouted<Body>(
  models: ModelFollower,
  key: string,
  answerBy: (version: ServedModel) => Promise<{ body: Body; computed: Computed }>,
): Promise<Body> {
  const served = servedModel(models);
  const { canary } = models;
  if (!canary) return (await answerBy(served)).body;

  if (canary.picksCandidate(key)) {
    try {
      return await answerAndCount(canary.candidate);
    } catch (error) {
      if (isNoFaultOf(error)) throw error;
    }
  }
  return answerAndCount(served);

  async function answerAndCount(version: ServedModel): Promise<Body> {
    try {
      const { body, computed } = await answerBy(version);
      canary!.computed(version.version, computed.ms);
      canary!.compareLater(served, version, computed);
      return body;
    } catch (error) {
      if (!isNoFaultOf(error)) canary!.failed(version.version);
      throw error;
    }
  }
}

/** Returns whether the caller or an overload caused the error. A missed deadline counts against the version. */
function isNoFaultOf(error: unknown): boolean {
  return error instanceof HttpProblem && error.kind !== 'deadline-exceeded';
}

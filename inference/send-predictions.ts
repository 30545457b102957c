/**
 * Sends predictions. Large responses are serialised in slices with the route's own schema, so that they do
 * not block other requests.
 */
import type { FastifyReply } from 'fastify';
import { inTurns, ROWS_A_TURN } from './in-turns.ts';
import type { Prediction } from './schemas/predict.ts';

interface Body {
  predictions: Prediction[];
}
const [BEFORE, AFTER] = ['{"predictions":[', ']}'] as const;

/**
 * Sends the answer.
 * @returns the body if Fastify should serialise it at once; undefined if the response was already sent.
 */
export async function sendPredictions(
  reply: Pick<FastifyReply, 'getSerializationFunction' | 'type'>,
  body: Body,
): Promise<Body | void> {
  if (body.predictions.length <= ROWS_A_TURN) return body;
  const serialise = reply.getSerializationFunction('200')!;
  const slices: string[] = [];
  await inTurns(body.predictions, (predictions) => {
    slices.push(serialise({ predictions }).slice(BEFORE.length, -AFTER.length));
  });
  await reply.type('application/json; charset=utf-8').send(`${BEFORE}${slices.join(',')}${AFTER}`);
}

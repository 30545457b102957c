/** An answer on its way out; one with many predictions is serialised in turns, by the route's own schema. */
import type { FastifyReply } from 'fastify';
import { inTurns, ROWS_A_TURN } from './in-turns.ts';
import type { Prediction } from './schemas/predict.ts';

interface Body {
  predictions: Prediction[];
}
const [BEFORE, AFTER] = ['{"predictions":[', ']}'] as const;

/** @returns the body where Fastify serialises it in one go; nothing once it is sent. */
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

/** POST /predict and /predict_trip: hours and weather in, trips per hour out, all rows by one version. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CitibikeError } from '../../contracts/errors.ts';
import type { DemandPrediction, HourlyInput } from '../../contracts/model.ts';
import { daysOf } from '../../contracts/months.ts';
import { inTurns } from '../in-turns.ts';
import type { ServedModel } from '../model-follower.ts';
import type { PredictionQueue } from '../prediction-queue.ts';
import { hourOfFeatures, hourOfTrip, hoursOf, type RowError } from '../requested-hours.ts';
import {
  FeatureBatch,
  LenientFeatureBatch,
  LenientTripBatch,
  PredictionQuery,
  Predictions,
  TripBatch,
  type FeatureRow,
  type Prediction,
  type UnknownFields,
} from '../schemas/predict.ts';
import { PREDICTION_PROBLEMS } from '../schemas/problem.ts';
import { answerRouted, routingKeyOf } from '../traffic.ts';
import type { Computed } from '../trial-run.ts';

function bodyOf(
  { name, version, model: { spec } }: ServedModel,
  answer: DemandPrediction,
  withInterval: boolean,
  assumedDate: string | undefined,
): Prediction {
  // The serialiser writes a number that is none as null, which a caller could take for a prediction.
  if (!Number.isFinite(answer.prediction)) {
    throw new CitibikeError('BAD_MODEL', `version ${version} of ${name} predicted ${answer.prediction}`);
  }
  const body: Prediction = {
    model: name,
    prediction: answer.prediction,
    version,
    imputed: [...answer.imputed],
  };
  if (withInterval && answer.lower !== null && answer.upper !== null) {
    body.lower = answer.lower;
    body.upper = answer.upper;
  }
  if (assumedDate !== undefined) body.assumed_date = assumedDate;
  if (spec.trainedOn.synthetic) body.synthetic = true;
  return body;
}

const targetHour = ({ date, hour }: HourlyInput): string => `${date}T${String(hour).padStart(2, '0')}:00:00`;

async function logAnswers(
  log: PredictionQueue,
  requestId: string,
  { name: model, version, model: { spec } }: ServedModel,
  rows: readonly object[],
  { hours, answers, ms: latencyMs }: Computed,
): Promise<void> {
  const system = `${spec.trainedOn.system}${spec.trainedOn.synthetic ? '-synthetic' : ''}`;
  const predictedAt = new Date();
  await inTurns(answers, (slice, first) => {
    for (const [i, { prediction }] of slice.entries()) {
      const rowIndex = first + i;
      log.add({
        ...{ requestId, rowIndex, predictedAt, model, version, system, prediction, latencyMs },
        targetHour: targetHour(hours[rowIndex]!),
        features: rows[rowIndex]!,
      });
    }
  });
}

/** Answers a batch by one version, however long it takes. */
async function answer<Row extends object>(
  app: FastifyInstance,
  request: FastifyRequest<{ Querystring: PredictionQuery; Body: { input_data: Row[] } }>,
  toHour: (row: Row, served: ServedModel) => HourlyInput | RowError,
  assumed: boolean,
): Promise<{ predictions: Prediction[] }> {
  const rows = request.body.input_data;
  const withInterval = request.query.interval !== undefined;
  return answerRouted(app.models, routingKeyOf(request), async (served) => {
    const started = performance.now();
    const answers: DemandPrediction[] = [];
    let hours: HourlyInput[];
    app.admission.enter(rows.length);
    try {
      hours = await hoursOf(rows, (row) => toHour(row, served));
      await inTurns(hours, (slice) => {
        app.checkDeadline(request);
        answers.push(...served.model.predict(slice));
      });
    } finally {
      app.admission.leave(rows.length);
    }
    const predictions = answers.map((one, i) =>
      bodyOf(served, one, withInterval, assumed ? targetHour(hours[i]!) : undefined),
    );
    const computed = { hours, answers, ms: performance.now() - started };
    const labels = { model: served.name, version: served.version };
    app.metrics.predictionRequests.inc(labels);
    app.metrics.predictions.inc(labels, rows.length);
    if (app.predictionLog) await logAnswers(app.predictionLog, request.id, served, rows, computed);
    return { body: { predictions }, computed };
  });
}

export const predictRoutes: FastifyPluginAsyncTypebox<{ unknownFields: UnknownFields }> = async (
  app,
  { unknownFields },
) => {
  const refuse = unknownFields === 'refuse';
  const shared = {
    tags: ['predictions'],
    querystring: PredictionQuery,
    response: { 200: Predictions, ...PREDICTION_PROBLEMS },
  };

  app.post(
    '/predict_trip',
    {
      schema: {
        ...shared,
        summary: 'Predict from date and weather',
        body: refuse ? TripBatch : LenientTripBatch,
      },
    },
    async (request) => answer(app, request, hourOfTrip, false),
  );

  app.post(
    '/predict',
    {
      schema: {
        ...shared,
        summary: 'Predict from the 12 seed features',
        description:
          'The features carry no year: they are taken for such an hour nearest to the end of the training span, named in assumed_date.',
        body: refuse ? FeatureBatch : LenientFeatureBatch,
      },
    },
    async (request) =>
      answer(
        app,
        request,
        (row: FeatureRow, { model }) => hourOfFeatures(row, daysOf(model.spec.trainedOn).lastDay),
        true,
      ),
  );
};

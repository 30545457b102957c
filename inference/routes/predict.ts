/** Serves POST /predict and /predict_trip, which predict trips per hour. One version answers all rows of a request. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CitibikeError } from '../../contracts/errors.ts';
import { placeOfModel } from '../../contracts/former-place.ts';
import type { DemandPrediction, HourlyInput } from '../../contracts/model.ts';
import type { PredictionWarning } from '../../contracts/prediction-warnings.ts';
import { daysOf } from '../../contracts/calendar.ts';
import { inTurns } from '../in-turns.ts';
import { explainMissingWeather } from '../explain-missing-weather.ts';
import { fillWeather, type FilledRows } from '../fill-weather.ts';
import { isMetric, metricBody } from '../metric-body.ts';
import { logPredictions } from '../log-predictions.ts';
import type { ServedModel } from '../model-follower.ts';
import type { ServiceOptions } from '../options.ts';
import { hourOfFeatures, hourOfTrip, hoursOf, type RowError } from '../requested-hours.ts';
import {
  FeatureBatch,
  LenientFeatureBatch,
  LenientTripBatch,
  PredictionQuery,
  Predictions,
  TripBatch,
  documentedTripBatch,
  type FeatureRow,
  type Prediction,
  type TripRow,
} from '../schemas/predict.ts';
import { sendPredictions } from '../send-predictions.ts';
import { PREDICTION_PROBLEMS } from '../schemas/problem.ts';
import { answerRouted, routingKeyOf } from '../routed-answers.ts';

function bodyOf(
  { name, version, model: { spec, weatherInputs } }: ServedModel,
  answer: DemandPrediction,
  withInterval: boolean,
  hour: Pick<Prediction, 'date' | 'assumed_date'>,
  filledFrom: FilledRows | undefined,
): Prediction {
  // The serialiser writes NaN and infinities as null, which a caller could take for a prediction.
  if (!Number.isFinite(answer.prediction)) {
    throw new CitibikeError('BAD_MODEL', `version ${version} of ${name} predicted ${answer.prediction}`);
  }
  const body: Prediction = {
    model: name,
    prediction: answer.prediction,
    version,
    ...hour,
    // The caller gave none of the inputs of a filled row.
    imputed: (filledFrom ? weatherInputs : answer.imputed) as string[],
  };
  if (filledFrom) {
    body.weather = 'forecast';
    body.weather_issued_at = filledFrom.issuedAt;
  }
  if (withInterval && answer.lower !== null && answer.upper !== null) {
    body.lower = answer.lower;
    body.upper = answer.upper;
  }
  if (answer.warnings.length > 0) body.warnings = answer.warnings as PredictionWarning[];
  if (spec.trainedOn.synthetic) body.synthetic = true;
  return body;
}

const targetHour = ({ date, hour }: HourlyInput): string => `${date}T${String(hour).padStart(2, '0')}:00:00`;

/** Answers a batch by one version, in slices. */
async function answer<Row extends object>(
  app: FastifyInstance,
  request: FastifyRequest<{ Querystring: PredictionQuery; Body: { input_data: Row[] } }>,
  toHour: (row: Row, served: ServedModel) => HourlyInput | RowError,
  assumed: boolean,
): Promise<{ predictions: Prediction[] }> {
  const rows = request.body.input_data;
  const filled = request.filledRows;
  const withInterval = request.query.interval !== undefined;
  return answerRouted(app.models, routingKeyOf(request), async (served) => {
    const started = performance.now();
    let answers: DemandPrediction[] = [];
    let hours: HourlyInput[];
    app.admission.enter(rows.length);
    try {
      hours = await hoursOf(rows, (row) => toHour(row, served));
      if (isMetric(request.query)) hours = hours.map((hour) => ({ ...hour, writtenInMetric: true }));
      await inTurns(hours, (slice) => {
        app.checkDeadline(request);
        const some = served.model.predict(slice);
        answers = answers.length === 0 ? some : answers.concat(some);
      });
    } finally {
      app.admission.leave(rows.length);
    }
    const predictions: Prediction[] = [];
    await inTurns(answers, (slice, first) => {
      for (let i = 0; i < slice.length; i++) {
        const date = targetHour(hours[first + i]!);
        const hour = assumed ? { assumed_date: date } : { date };
        const filledFrom = filled?.rows.has(first + i) ? filled : undefined;
        predictions.push(bodyOf(served, slice[i]!, withInterval, hour, filledFrom));
      }
    });
    const computed = { hours, answers, ms: performance.now() - started };
    const labels = { model: served.name, version: served.version };
    app.metrics.predictionRequests.inc(labels);
    app.metrics.predictions.inc(labels, rows.length);
    if (app.predictionLog) {
      // An assumed date is not an hour that the caller meant.
      const isWhatIf = assumed || request.query.what_if === true;
      const logging = logPredictions(app.predictionLog, { id: request.id, isWhatIf, rows }, served, computed);
      if (logging) await logging;
    }
    return { body: { predictions }, computed };
  });
}

const routes: FastifyPluginAsyncTypebox<ServiceOptions> = async (app, { unknownFields = 'refuse' }) => {
  const refuse = unknownFields === 'refuse';
  const tripBatch = refuse ? TripBatch : LenientTripBatch;
  const featureBatch = refuse ? FeatureBatch : LenientFeatureBatch;
  const shared = {
    tags: ['predictions'],
    querystring: PredictionQuery,
    response: { 200: Predictions, ...PREDICTION_PROBLEMS },
  };

  app.post(
    '/predict_trip',
    {
      config: { access: 'read', documentedBody: documentedTripBatch(unknownFields) },
      schema: {
        ...shared,
        summary: 'Predict from date and weather',
        description:
          'A row without any weather takes that of its day from the forecast, as GET /v1/forecast shows it. It is rejected if no weather forecast reaches the day.',
        body: tripBatch,
      },
      preValidation: [fillWeather(app), metricBody(tripBatch)],
      errorHandler: explainMissingWeather(app),
    },
    async (request, reply) => {
      const toHour = (row: TripRow, { model }: ServedModel) =>
        hourOfTrip(row, placeOfModel(model.spec).timeZone);
      return sendPredictions(reply, await answer(app, request, toHour, false));
    },
  );

  app.post(
    '/predict',
    {
      config: { access: 'read' },
      schema: {
        ...shared,
        summary: 'Predict from the 12 basic features',
        description:
          'The features carry no year, so the service assumes the matching hour nearest to the end of the training span and returns it as assumed_date. Live accuracy ignores these predictions.',
        body: featureBatch,
      },
      preValidation: metricBody(featureBatch),
    },
    async (request, reply) => {
      const toHour = (row: FeatureRow, { model }: ServedModel) =>
        hourOfFeatures(row, daysOf(model.spec.trainedOn).lastDay);
      return sendPredictions(reply, await answer(app, request, toHour, true));
    },
  );
};

export default routes;

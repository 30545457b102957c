/** Serves the prediction service for a form and a curve. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { HttpProblem } from '../../../adapters/fastify/problem.ts';
import { hourToPredict, type GivenHour } from '../../../contracts/hour-to-predict.ts';
import { describeProblem, inputProblem } from '../../../contracts/input-problems.ts';
import { INVALID } from '../schemas/common.ts';
import { DayQuery, PredictAnswer, PredictRow, Units, type PredictUnits } from '../schemas/operations.ts';

/** Is an hour that exists on every day. */
const NOON = 12;

/**
 * Rejects what the service would reject, even if the service does not answer.
 * @throws HttpProblem 422 that names the fields.
 */
function assertHour(given: GivenHour, units: PredictUnits, prefix = ''): void {
  const hour = hourToPredict(given, { metric: units === 'metric' });
  if (!Array.isArray(hour)) return;
  const problems = hour.map(({ field, got, expected }) => inputProblem(`${prefix}${field}`, got, expected));
  throw new HttpProblem(422, 'invalid-input', problems.map(describeProblem).join('; '), {
    errors: problems.map(({ field, got, wanted }) => ({ field, message: `expected ${wanted}`, got })),
  });
}

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const { upstreams, prediction } = app.sources;

  // The route is a POST because the service's own is one; it changes nothing.
  app.post(
    '/api/predict',
    {
      config: { access: 'read' },
      schema: {
        tags: ['predict'],
        summary: 'Predict an hour',
        querystring: Units,
        body: Type.Object(
          { input_data: Type.Array(PredictRow, { minItems: 1, maxItems: 48 }) },
          { additionalProperties: false },
        ),
        response: { 200: PredictAnswer, ...INVALID },
      },
    },
    async ({ body, query: { units } }) => {
      for (const [row, { date, holiday, ...weather }] of body.input_data.entries())
        assertHour({ date, holiday, weather }, units, `input_data.${row}.`);
      return {
        data: await upstreams.ask('inference', () => prediction.predict(body.input_data, units)),
        upstreams: upstreams.bodyOf('inference'),
      };
    },
  );

  app.get(
    '/api/predict/day',
    {
      config: { access: 'read' },
      schema: {
        tags: ['predict'],
        summary: 'The 24 hours of a day',
        querystring: DayQuery,
        response: { 200: PredictAnswer, ...INVALID },
      },
    },
    async ({ query: { date, units, SNOW = 0, ...weather } }) => {
      assertHour({ date, hour: NOON, weather: { SNOW, ...weather } }, units);
      const rows = Array.from({ length: 24 }, (_, hour) => ({
        date: `${date}T${String(hour).padStart(2, '0')}:00`,
        SNOW,
        ...weather,
      }));
      return {
        data: await upstreams.ask('inference', () => prediction.predict(rows, units)),
        upstreams: upstreams.bodyOf('inference'),
      };
    },
  );
};

export default routes;

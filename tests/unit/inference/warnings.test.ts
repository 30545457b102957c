/** Tests warnings and metric weather over HTTP, and that service, model and command line give the same answer. */
import type { FastifyInstance } from 'fastify';
import { describe, expect, it, vi } from 'vitest';
import { predictCommand } from '../../../client/commands/predict.ts';
import { createPredictionClient } from '../../../adapters/prediction-client/prediction-client.ts';
import { PredictionSource } from '../../../console/api/upstreams/prediction.ts';
import { MODEL_FILES, type ModelSpec } from '../../../contracts/model.ts';
import { parseModelFiles } from '../../../core/serving/serving-model.ts';
import { MAX_BATCH_ROWS } from '../../../contracts/max-batch-rows.ts';
import { FEATURES, predictTrip, startServing, TRIP, type Answer, type Problem } from './test-service.ts';
import { tinyModelFiles } from './tiny-model.ts';

const FAR = { ...TRIP, date: '2099-07-15T08:00:00', TMAX: 85, TMIN: 70 };
/** Converts 40 °F and 30 °F to °C, to the tenth. */
const METRIC_TRIP = { ...TRIP, TMAX: 4.4, TMIN: -1.1 };
const METRIC_FEATURES = { ...FEATURES, TMAX: 4.4, TMIN: -1.1 };
const first = async (app: FastifyInstance, row: object, query = '') =>
  (await predictTrip(app, [row], query)).json<Answer>().predictions[0]!;

describe('warnings', () => {
  it('are part of the prediction that they concern, and of no other', async () => {
    const { app } = await startServing();
    const { predictions } = (await predictTrip(app, [TRIP, FAR])).json<Answer>();
    expect(predictions[0]).not.toHaveProperty('warnings');
    expect(predictions[1]!.warnings).toEqual([
      {
        code: 'growth_held',
        message: expect.stringMatching(/level of 2026-06-30$/) as string,
        field: 'date',
      },
    ]);
  });

  it('cover every row of a batch that is computed in slices', async () => {
    const { app } = await startServing();
    const rows = Array.from({ length: 450 }, (_, i) => (i % 2 === 0 ? TRIP : FAR));
    const { predictions } = (await predictTrip(app, rows)).json<Answer>();
    expect(predictions.map(({ warnings = [] }) => warnings.length)).toEqual(rows.map((_, i) => i % 2));
  });

  it('fit the response of the largest batch', async () => {
    const { app } = await startServing();
    const response = await predictTrip(app, Array(MAX_BATCH_ROWS).fill(FAR));
    expect(response.json<Answer>().predictions.at(-1)!.warnings).toHaveLength(1);
  });

  it('suggest metric units if the values look like °C', async () => {
    const { app } = await startServing();
    const { warnings } = await first(app, { ...TRIP, date: '2025-07-15T08:00:00', TMAX: 29, TMIN: 22 });
    expect(warnings).toMatchObject([{ code: 'units_suspect', field: 'TMAX' }]);
    expect(warnings![0]!.message).toContain('?units=metric');
  });
});

describe('?units=metric', () => {
  it('gives the same answer as for the same weather in °F', async () => {
    const { app } = await startServing();
    // 4.4 °C equals 39.9 °F.
    expect(await first(app, METRIC_TRIP, '?units=metric')).toEqual(await first(app, { ...TRIP, TMAX: 39.9 }));
    const full = { ...METRIC_TRIP, SNOW: 254, PRCP: 25.4, SNWD: null, AWND: 10, PRCP_yesterday: 0 };
    expect((await predictTrip(app, [full], '?units=metric')).statusCode).toBe(200);
    expect(await first(app, TRIP, '?units=imperial')).toEqual(await first(app, TRIP));
  });

  it('converts the weather of raw features too', async () => {
    const { app } = await startServing();
    const url = '/predict?units=metric&interval=0.9';
    const response = await app.inject({ method: 'POST', url, payload: { input_data: [METRIC_FEATURES] } });
    expect(response.json<Answer>().predictions[0]).toMatchObject({ prediction: 400, lower: 300, upper: 600 });
  });

  it('logs °F, inches and mph, which monitoring reads', async () => {
    const { app, logged } = await startServing();
    const row = { ...METRIC_TRIP, SNOW: 127, PRCP: 2.54, AWND: 4.4704 };
    await predictTrip(app, [row], '?units=metric');
    await expect.poll(() => logged.length).toBe(1);
    expect(logged[0]!.features).toMatchObject({ TMAX: 39.9, TMIN: 30, SNOW: 5, PRCP: 0.1, AWND: 10 });
  });

  it.each([
    ['TMAX', 85, 'a temperature from -51.1 to 60 °C'],
    ['TMIN', -51.2, 'a temperature from -51.1 to 60 °C'],
    ['SNOW', 2541, 'snowfall of the day, 0 to 2540 mm'],
    ['PRCP', 1525, 'rain and melted snow of the day, 0 to 1524 mm, or null'],
    ['AWND', 90, 'mean wind of the day, 0 to 89.4 m/s, or null'],
  ])('rejects %s %d in the units of the caller', async (field, value, expected) => {
    const { app } = await startServing();
    const response = await predictTrip(
      app,
      [METRIC_TRIP, { ...METRIC_TRIP, [field]: value }],
      '?units=metric',
    );
    expect(response.statusCode).toBe(422);
    expect(response.json<Problem>().errors).toEqual([
      { row: 1, field, message: `expected ${expected}`, got: value },
    ]);
  });

  it('rejects TMIN above TMAX in the values of the caller', async () => {
    const { app } = await startServing();
    // Both are 41.5 °F after conversion and rounding.
    const rows = [METRIC_TRIP, { ...METRIC_TRIP, TMAX: 5.25, TMIN: 5.27 }];
    for (const [url, input_data] of [
      ['/predict_trip?units=metric', rows],
      ['/predict?units=metric', rows.map(({ TMAX, TMIN }) => ({ ...METRIC_FEATURES, TMAX, TMIN }))],
    ] as const) {
      const response = await app.inject({ method: 'POST', url, payload: { input_data } });
      expect(response.statusCode).toBe(422);
      expect(response.json<Problem>().errors).toEqual([
        {
          row: 1,
          field: 'TMIN',
          message: 'expected a temperature not above TMAX, which is 5.25 °C',
          got: 5.27,
        },
      ]);
    }
  });

  it('accepts the whole range with its bounds', async () => {
    const { app } = await startServing();
    const rows = [
      {
        ...TRIP,
        TMAX: 60,
        TMIN: -51.1,
        SNOW: 2540,
        PRCP: 1524,
        SNWD: 12_700,
        AWND: 89.4,
        PRCP_yesterday: 1524,
      },
    ];
    const response = await predictTrip(app, rows, '?units=metric');
    expect(response.statusCode, response.body).toBe(200);
  });

  it('checks and converts a large batch, in slices', async () => {
    const { app } = await startServing();
    const rows = Array.from({ length: 450 }, () => METRIC_TRIP);
    const { predictions } = (await predictTrip(app, rows, '?units=metric')).json<Answer>();
    expect(new Set(predictions.map(({ prediction }) => prediction))).toEqual(new Set([400]));
    const wrong = await predictTrip(app, [...rows, { ...METRIC_TRIP, TMIN: 'cold' }], '?units=metric');
    expect(wrong.json<Problem>().errors).toMatchObject([{ row: 450, field: 'TMIN', got: 'cold' }]);
  });

  it('is available if unknown fields are ignored', async () => {
    const { app } = await startServing({ overrides: { unknownFields: 'ignore' } });
    const { prediction } = await first(app, { ...METRIC_TRIP, note: 'mine' }, '?units=metric');
    expect(prediction).toBe(400);
  });

  it.each(['{}', '[]', 'null', '{"input_data":[]}', '{"input_data":[7]}'])(
    'rejects the body %s as without the parameter',
    async (payload) => {
      const { app } = await startServing();
      const answer = (query: string) =>
        app.inject({
          method: 'POST',
          url: `/predict_trip${query}`,
          headers: { 'content-type': 'application/json' },
          payload,
        });
      const [plain, metric] = [await answer(''), await answer('?units=metric')];
      expect(metric.statusCode).toBe(422);
      expect(metric.json<Problem>().errors).toEqual(plain.json<Problem>().errors);
    },
  );

  it('is rejected with another system', async () => {
    const { app } = await startServing();
    const response = await predictTrip(app, [TRIP], '?units=kelvin');
    expect(response.statusCode).toBe(422);
    expect(response.json<Problem>().errors).toMatchObject([{ field: 'units', got: 'kelvin' }]);
  });
});

describe('one hour', () => {
  /** Returns the command's output for an hour. */
  async function printed(address: string, ...args: string[]): Promise<string> {
    const written: string[] = [];
    const output = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    });
    try {
      await predictCommand().parseAsync(['--url', address, ...args], { from: 'user' });
    } finally {
      output.mockRestore();
    }
    return written.join('');
  }

  it('has the same number and warnings from the model, HTTP, the typed client, the console and the command line', async () => {
    const { app } = await startServing();
    const address = await app.listen({ host: '127.0.0.1', port: 0 });
    const [own] = parseModelFiles(tinyModelFiles({ base: 1 })).predict([
      { date: '2099-07-15', hour: 8, weather: { TMAX: 29, TMIN: 22, SNOW: 0 } },
    ]);
    const row = { ...FAR, TMAX: 29, TMIN: 22 };
    const overHttp = await first(app, row);
    expect(overHttp).toMatchObject({ prediction: own!.prediction, warnings: own!.warnings });
    expect(own!.warnings.map(({ code }) => code)).toEqual(['growth_held', 'units_suspect']);
    const { predictions } = await createPredictionClient(address).predictTrip([row]);
    expect(predictions).toEqual([overHttp]);
    const console = await new PredictionSource(address).predict([row]);
    expect(console.predictions[0]).toMatchObject({ prediction: own!.prediction, warnings: own!.warnings });
    const hour = ['--date', row.date, '--tmax', '29', '--tmin', '22', '--snow', '0'];
    const text = await printed(address, ...hour);
    for (const { message } of own!.warnings)
      expect(text).toMatch(new RegExp(`^warning +${escaped(message)}$`, 'm'));
    const json = JSON.parse(await printed(address, ...hour, '--json')) as Answer;
    expect(json.predictions[0]).toMatchObject({ prediction: own!.prediction, warnings: own!.warnings });
  });

  it('in metric units is the same over HTTP, the typed client and the command line', async () => {
    const { app } = await startServing();
    const address = await app.listen({ host: '127.0.0.1', port: 0 });
    const overHttp = await first(app, METRIC_TRIP, '?units=metric&interval=0.9');
    const client = createPredictionClient(address);
    const { predictions } = await client.predictTrip([METRIC_TRIP], { units: 'metric', interval: 0.9 });
    expect(predictions).toEqual([overHttp]);
    const args = ['--date', TRIP.date, '--tmax', '4.4', '--tmin', '-1.1', '--units', 'metric', '--json'];
    expect(JSON.parse(await printed(address, ...args))).toEqual({ predictions: [overHttp] });
  });

  it('names weather outside the training data of its version', async () => {
    const files = tinyModelFiles({ base: 1 });
    const spec = JSON.parse(new TextDecoder().decode(files[MODEL_FILES.spec])) as ModelSpec;
    const weather = Object.fromEntries(Object.keys(spec.imputation).map((name) => [name, [0, 90]]));
    const ranged = { ...spec, trainedOn: { ...spec.trainedOn, weather } };
    const model = parseModelFiles({
      ...files,
      [MODEL_FILES.spec]: new TextEncoder().encode(JSON.stringify(ranged)),
    });
    const [prediction] = model.predict([
      { date: '2025-07-15', hour: 8, weather: { ...TRIP, TMAX: 91, TMIN: 75 } },
    ]);
    expect(prediction!.warnings).toMatchObject([{ code: 'weather_outside_training', field: 'TMAX' }]);
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

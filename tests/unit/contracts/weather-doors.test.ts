/** Tests that every entry point accepts a weather value just inside the range of its column, and rejects one just outside. */
import type { InjectOptions } from 'fastify';
import { afterAll, describe, expect, it } from 'vitest';
import { predictCommand } from '../../../client/commands/predict.ts';
import { EXAMPLE_HOUR, hourToPredict } from '../../../contracts/hour-to-predict.ts';
import { WEATHER_INPUT_FACTS, type WeatherInput } from '../../../contracts/weather-columns.ts';
import { FeatureBatch } from '../../../inference/schemas/predict.ts';
import { closeConsoles, consoleOn, HOST, settings } from '../../fixtures/console-app.ts';
import { predictTrip, startServing } from '../inference/test-service.ts';

const { date, ...EXAMPLE } = EXAMPLE_HOUR;
/** Temperatures that keep TMAX at or above TMIN. */
const OTHERS: Readonly<Partial<Record<WeatherInput, object>>> = { TMAX: { TMIN: -60 }, TMIN: { TMAX: 140 } };
/** No server listens on this port: a request fails with another code than a rejected option. */
const NOWHERE = 'http://127.0.0.1:1';

const { examples } = FeatureBatch as unknown as { examples: [{ input_data: [object] }] };
const [FEATURES] = examples[0].input_data;

type Weather = Readonly<Partial<Record<WeatherInput, number>>>;
type Door = (weather: Weather) => Promise<boolean>;

const app = consoleOn(settings);

/** The console accepts a valid hour also while the prediction service does not answer. */
async function accepted(request: InjectOptions): Promise<boolean> {
  const { statusCode } = await (await app).inject({ ...request, headers: { host: HOST } });
  expect([200, 422]).toContain(statusCode);
  return statusCode === 200;
}

afterAll(closeConsoles);

const DOORS: Readonly<Record<string, Door>> = {
  'POST /predict_trip': async (weather) => {
    const { app } = await startServing();
    return (await predictTrip(app, [{ date, ...weather }])).statusCode === 200;
  },
  'POST /predict': async (weather) => {
    const { app } = await startServing();
    const payload = { input_data: [{ ...FEATURES, ...weather }] };
    return (await app.inject({ method: 'POST', url: '/predict', payload })).statusCode === 200;
  },
  'the console, one hour': async (weather) => {
    const payload = { input_data: [{ date, ...weather }] };
    return accepted({ method: 'POST', url: '/api/predict', payload });
  },
  'the console, a day': async (weather) => {
    const query = new URLSearchParams({ date: date.slice(0, 10) });
    for (const [name, value] of Object.entries(weather)) query.set(name, String(value));
    return accepted({ url: `/api/predict/day?${query.toString()}` });
  },
  'form and files': async (weather) => !Array.isArray(hourToPredict({ date, weather })),
  'the command line': async (weather) => {
    const options = WEATHER_INPUT_FACTS.flatMap(({ name, option }) => {
      const flag = option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      return weather[name] === undefined ? [] : [`--${flag}`, String(weather[name])];
    });
    const call = predictCommand().parseAsync(['--date', date, '--url', NOWHERE, ...options], {
      from: 'user',
    });
    const code = await call.then(
      () => 'none',
      (error: { code?: string }) => error.code,
    );
    expect(['INVALID_INPUT', 'UPSTREAM_UNAVAILABLE']).toContain(code);
    return code === 'UPSTREAM_UNAVAILABLE';
  },
};

describe.each(WEATHER_INPUT_FACTS)('$name from $min to $max', ({ name, min, max }) => {
  it.each(Object.entries(DOORS))('%s', async (_door, accepts) => {
    const answers = [];
    for (const value of [min - 0.01, min, max, max + 0.01])
      answers.push(await accepts({ ...EXAMPLE, ...OTHERS[name], [name]: value }));
    expect(answers).toEqual([false, true, true, false]);
  });
});

it.each(Object.entries(DOORS))('TMIN above TMAX is rejected by %s', async (_door, accepts) => {
  expect(await accepts({ ...EXAMPLE, TMAX: 30, TMIN: 30 })).toBe(true);
  expect(await accepts({ ...EXAMPLE, TMAX: 30, TMIN: 30.5 })).toBe(false);
});

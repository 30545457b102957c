/** Forecasts demand on the real stack from a weather service of the test, which may be down, and with workers that die. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker, type NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDataQueueActivities } from '../../activities/data-queue.ts';
import type { ActivityDependencies } from '../../activities/dependencies.ts';
import { createForecastActivities } from '../../activities/forecast/index.ts';
import { newestIssue, readForecast } from '../../adapters/postgres/demand-forecasts.ts';
import { readWeatherForecasts } from '../../adapters/postgres/weather-forecasts.ts';
import { systemFiles } from '../../adapters/systems/system-files.ts';
import { createActivityInterceptors } from '../../adapters/temporal/activity-interceptor.ts';
import { connectWorker } from '../../adapters/temporal/temporal-connection.ts';
import { DAY_MS, HOUR_MS } from '../../contracts/calendar.ts';
import type { ForecastActivities } from '../../contracts/activities/forecast.ts';
import type { DemandForecast } from '../../contracts/demand-forecast.ts';
import { MODEL_FILES, type ModelSpec } from '../../contracts/model.ts';
import type { ForecastResult, IssueResult } from '../../contracts/workflows/forecast.ts';
import { allowing } from '../fixtures/allow.ts';
import { gridAnswer } from '../fixtures/grid-answer.ts';
import { queryAsOwner } from '../fixtures/query-as-owner.ts';
import { run, type Unbound } from '../fixtures/run-activity.ts';
import type { Death } from './crash-safety/mortal-plan.ts';
import { Lab, spawnWorker } from './promotion/lab.ts';

const SYSTEM = `forecast-${randomUUID().slice(0, 8)}`;
const CONTACT = 'ops@planted-contact.example';
const NEVER_PUBLISHED = { from: '2098-01-01', to: '2098-12-31' };
/** The weather was issued ten minutes ago, so that no hour begins meanwhile. */
const UPDATED = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 10 * 60_000);

const GRID = gridAnswer(UPDATED);

let lab: Lab;
let connection: NativeConnection;
let worker: Worker;
let running: Promise<void>;
let service: Server;
let isDown = false;
let deps: ActivityDependencies;
let folder: string;
let experiment = 0;

beforeAll(async () => {
  lab = await Lab.open();
  folder = await mkdtemp(path.join(tmpdir(), 'citibike-forecast-'));
  await writeFile(path.join(folder, 'answer.json'), GRID);
  service = createServer((request, response) => {
    const grid = `http://${request.headers.host}/gridpoints/OKX/33,37`;
    if (isDown) response.writeHead(503, { 'retry-after': '0' }).end('<html>sorry</html>');
    else
      response.end(
        request.url?.startsWith('/points/')
          ? JSON.stringify({ properties: { forecastGridData: grid } })
          : GRID,
      );
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  const known = systemFiles();
  deps = {
    artifacts: lab.artifacts,
    database: lab.database,
    mlflow: lab.mlflow,
    codeVersion: 'test',
    modelName: 'nobody',
    systems: { ...known, get: async (id) => ({ ...(await known.get(id === SYSTEM ? 'jc' : id)), id }) },
    experiment: 'test',
    sources: { ...lab.settings.sources, forecasts: origin, forecastContact: CONTACT },
    allowed: allowing(() => [origin]),
    tfBackend: 'cpu',
  };
  connection = await connectWorker(lab.settings.temporal);
  const recorder = { stepStarted: () => undefined, stepClosed: () => undefined };
  worker = await Worker.create({
    connection,
    namespace: lab.settings.temporal.namespace,
    taskQueue: SYSTEM,
    workflowBundle: { codePath: lab.bundle },
    interceptors: { activity: [createActivityInterceptors(recorder)] },
    sinks: { runs: { started: { fn: () => undefined }, closed: { fn: () => undefined } } },
    activities: createDataQueueActivities(deps),
  });
  running = worker.run();
}, 120_000);

afterAll(async () => {
  worker?.shutdown();
  await running;
  await connection?.close();
  service?.close();
  for (const table of ['forecast_issues', 'weather_forecasts'])
    await queryAsOwner(
      `DELETE FROM ${table} WHERE system IN ($1, 'jc') AND issued_at > now() - interval '2 days'`,
      [SYSTEM],
    );
  for (const table of ['forecast_issues', 'replaced_forecasts', 'weather_forecasts'])
    await queryAsOwner(`DELETE FROM ${table} WHERE system = $1`, [SYSTEM]);
  await lab?.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

beforeEach(() => {
  isDown = false;
});

/** Registers a champion that predicts `trips` for every hour. */
async function champion(
  model: string,
  trips: number,
  system = SYSTEM,
  span: object = NEVER_PUBLISHED,
  change?: (files: Record<string, Uint8Array>) => void,
): Promise<string> {
  const version = await lab.register(model, trips, change, { system, ...span });
  await lab.mlflow.registry.setAlias(model, 'champion', version);
  return version;
}

async function runForecast(model: string, input: object = {}): Promise<ForecastResult> {
  experiment += 1;
  const asked = { system: SYSTEM, model, wait: false, ...input };
  const handle = await lab.start('forecast', `forecast-${SYSTEM}-${experiment}`, asked, SYSTEM);
  return (await handle.result()) as ForecastResult;
}

async function forecast(model: string, input: object = {}): Promise<IssueResult> {
  const result = await runForecast(model, input);
  if (result.version === null) throw new Error(result.reason);
  return result;
}

/** Returns what is stored of a model, and of the weather of a system. */
async function stored(model: string, system = SYSTEM) {
  const issues = await lab.database.query<{ version: string; provider: string }>(
    'SELECT version, provider FROM forecast_issues WHERE model = $1 ORDER BY issued_at',
    [model],
  );
  const [hours] = await lab.database.query<{ count: number }>(
    'SELECT count(*)::integer AS count FROM demand_forecasts WHERE model = $1',
    [model],
  );
  const weather = await readWeatherForecasts(lab.database, system, {
    from: new Date(Date.now() - 2 * DAY_MS),
    to: new Date(),
  });
  const answers: string[] = [];
  for await (const { uri } of lab.artifacts.objects.list(
    `s3://${lab.settings.s3.buckets.data}/forecasts/${system}/`,
  ))
    if (!uri.endsWith('.manifest.json')) answers.push(uri);
  return { issues, hours: hours!.count, weather, answers };
}

async function served(model: string): Promise<DemandForecast> {
  return (await readForecast(lab.database, model, (await newestIssue(lab.database, model))!))!;
}

describe('the workflow', { timeout: 120_000 }, () => {
  it('says what to do without a champion', async () => {
    const model = await lab.newModel();
    const result = await runForecast(model);
    expect(result).toMatchObject({ version: null, hours: 0, written: false, kept: false });
    expect(result.reason).toContain(`model ${model} has no champion`);
    expect(result.reason).toContain('citibike run lifecycle');
    expect((await stored(model)).weather).toHaveLength(1);
    await queryAsOwner('DELETE FROM weather_forecasts WHERE system = $1', [SYSTEM]);
  });

  it('uses climatology while the service is down and nothing was issued, then the forecast, and keeps it', async () => {
    const model = await lab.newModel();
    await champion(model, 80);
    isDown = true;
    const first = await forecast(model);
    expect(first).toMatchObject({ provider: 'climatology', hours: 168, written: true, kept: false });
    expect(first.reason).toContain('HTTP 503');
    expect(first.reason).not.toContain(CONTACT);
    expect((await served(model)).hours.every(({ weather }) => weather === 'climatology')).toBe(true);

    isDown = false;
    const second = await forecast(model);
    expect(second).toMatchObject({
      provider: 'api.weather.gov',
      issuedAt: UPDATED.toISOString(),
      // The version was registered by hand.
      reason: expect.stringContaining('version 1 names no training data') as string,
    });
    const now = await served(model);
    expect(now).toMatchObject({ provider: 'api.weather.gov', version: '1', timeZone: 'America/New_York' });
    expect(now.hours).toHaveLength(168);
    expect(now.hours.slice(0, 48).every(({ weather }) => weather === 'forecast')).toBe(true);
    expect(now.hours[0]!.prediction).toBeCloseTo(80, 1);

    isDown = true;
    const third = await forecast(model);
    expect(third).toMatchObject({ issuedAt: second.issuedAt, written: false, kept: true });
    expect(third.reason).toContain('HTTP 503');
    expect(await served(model)).toEqual(now);

    // A new version forecasts from the weather that is stored.
    const version = await champion(model, 120);
    const fourth = await forecast(model);
    expect(fourth).toMatchObject({ version, issuedAt: second.issuedAt, written: true, kept: false });
    expect(fourth.reason).toContain(`the weather forecast of ${second.issuedAt} is used`);
    expect((await served(model)).hours[0]!.prediction).toBeCloseTo(120, 1);
    const { issues, hours, weather, answers } = await stored(model);
    expect(issues.map(({ provider }) => provider).toSorted()).toEqual(['api.weather.gov', 'climatology']);
    expect(hours).toBe(2 * 168);
    // What version 1 served is kept for its score.
    const [replaced] = await lab.database.query(
      'SELECT version, count(*)::integer AS hours FROM replaced_forecasts WHERE model = $1 GROUP BY 1',
      [model],
    );
    expect(replaced).toEqual({ version: '1', hours: 168 });
    expect(weather).toHaveLength(1);
    expect(answers).toHaveLength(1);
  });

  it('issues once if it runs twice at once', async () => {
    const model = await lab.newModel();
    await champion(model, 80);
    const results = await Promise.all([forecast(model), forecast(model), forecast(model)]);
    expect(results.filter(({ written }) => written)).toHaveLength(1);
    expect(new Set(results.map(({ issuedAt }) => issuedAt))).toEqual(new Set([UPDATED.toISOString()]));
    const { issues, hours, weather, answers } = await stored(model);
    expect([issues.length, hours, weather.length, answers.length]).toEqual([1, 168, 1, 1]);
  });

  it.each<[string, Death]>([
    ['after it has written the answer to S3', { moment: 'after write', write: 1 }],
    ['after it has stored the weather', { moment: 'after effect', activity: 'fetchForecast' }],
    ['after it has issued the forecast', { moment: 'after effect', activity: 'issueForecast' }],
  ])('doubles nothing if its worker dies %s', async (_when, death) => {
    const model = await lab.newModel();
    await champion(model, 80, 'jc');
    const taskQueue = `mortal-${randomUUID().slice(0, 8)}`;
    const dying = spawnWorker(lab, taskQueue, death);
    const source = pathToFileURL(folder).href;
    const handle = await lab.start('forecast', taskQueue, { system: 'jc', model, source }, taskQueue);
    await once(dying, 'exit');
    expect(dying.signalCode).toBe('SIGKILL');
    const next = spawnWorker(lab, taskQueue);
    expect(await handle.result()).toMatchObject({ issuedAt: UPDATED.toISOString(), hours: 168 });
    next.kill();
    const { issues, hours, weather, answers } = await stored(model, 'jc');
    expect([issues.length, hours, weather.length]).toEqual([1, 168, 1]);
    expect(
      answers.filter((uri) => uri.includes(UPDATED.toISOString().slice(0, 16).replace(':', '-'))),
    ).toHaveLength(1);
  });
});

describe('the activities', () => {
  let activities: Unbound<ForecastActivities>;
  beforeAll(() => {
    activities = createForecastActivities(deps);
  });

  it('estimate the level from published months', async () => {
    const model = await lab.newModel();
    const span = { from: '2024-01-01', to: '2024-12-31' };
    const version = await champion(model, 80, SYSTEM, span, (files) => {
      const spec = JSON.parse(Buffer.from(files[MODEL_FILES.spec]!).toString()) as ModelSpec;
      const growth = { ...spec.growth, standardError: 0.0003 };
      files[MODEL_FILES.spec] = Buffer.from(JSON.stringify({ ...spec, growth }));
    });
    const { level } = await run(activities.issueForecast, {
      facts: await deps.systems.get(SYSTEM),
      plan: { model, version, system: SYSTEM, weather: null },
      startedAt: '2025-02-10T12:34:56.000Z',
      // 100 trips in every hour of January 2025.
      publishedFrame: await lab.frame(),
      seed: 42,
    });
    expect(level.month).toBe('2025-01');
    expect(level.factor).toBeGreaterThan(1.1);
    expect(level.factor).toBeLessThanOrEqual(1.25);
    const { hours } = await served(model);
    expect(hours[0]!.prediction).toBeCloseTo(80 * level.factor, 1);
  });

  it('say that the training data were deleted, and estimate no level', async () => {
    const model = await lab.newModel();
    const deleted = `s3://${lab.settings.s3.buckets.artifacts}/deleted/frame.parquet`;
    const span = { system: SYSTEM, from: '2024-01-01', to: '2024-12-31' };
    const version = await lab.register(model, 80, undefined, span, { 'citibike.train_frame': deleted });
    await lab.mlflow.registry.setAlias(model, 'champion', version);
    const facts = await deps.systems.get(SYSTEM);
    const plan = await run(activities.planForecast, { system: SYSTEM, facts, model, fetched: null });
    expect(plan).toMatchObject({ version, published: null, kept: null });
    const { note, written } = await run(activities.issueForecast, {
      facts,
      plan: { ...plan, weather: null },
      startedAt: new Date().toISOString(),
      publishedFrame: null,
      seed: 42,
    });
    expect(written).toBe(true);
    expect(note).toContain(`the training data of version ${version} were deleted`);
  });

  it('keep the issue of a version that was chosen later, and answer with it', async () => {
    const model = await lab.newModel();
    const old = await champion(model, 80);
    const facts = await deps.systems.get(SYSTEM);
    const late = await run(activities.planForecast, { system: SYSTEM, facts, model, fetched: null });
    expect(late.version).toBe(old);
    const version = await champion(model, 120);
    const plan = await run(activities.planForecast, { system: SYSTEM, facts, model, fetched: null });
    const rest = { facts, startedAt: new Date().toISOString(), publishedFrame: null, seed: 42 };
    expect(await run(activities.issueForecast, { ...rest, plan })).toMatchObject({ version, written: true });
    expect(await run(activities.issueForecast, { ...rest, plan: late })).toMatchObject({
      version,
      written: false,
    });
    expect((await stored(model)).issues).toMatchObject([{ version }]);
  });
});

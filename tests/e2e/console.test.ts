/** Tests every page and action of the console in a real browser on the real stack. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import type { Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renewToken } from '../../adapters/postgres/console-tokens.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { startWorkflow } from '../../client/start.ts';
import { writeSample } from '../../client/write-sample.ts';
import { TASK_QUEUE } from '../../contracts/task-queues.ts';
import type { LifecycleResult } from '../../contracts/workflows/lifecycle.ts';
import { PROJECT_DIR, loadSettings } from '../../settings.ts';
import { findBrowser, launch } from './browser.ts';
import { actionTests } from './console/actions.ts';
import { artifactTests } from './console/artifacts.ts';
import { comparisonTests } from './console/comparisons.ts';
import { forecastTests, removeForecasts, writeSampleForecasts } from './console/forecasts.ts';
import { outageTests } from './console/outages.ts';
import { scheduleTests } from './console/schedules.ts';
import { tokenTests } from './console/token.ts';
import { WIDE, complaintsOf, loaded, open } from './console/visit.ts';
import type { World } from './console/world.ts';
import { outcomeTests } from './console/outcomes.ts';
import { overviewTests } from './console/overview.ts';
import { reportTests } from './console/reports.ts';
import { driftTests } from './console/drift.ts';
import { stationTests } from './console/stations.ts';
import { logTests } from './console/logs.ts';
import { searchTests } from './console/searches.ts';
import { orSkip } from '../or-skip.ts';

const settings = loadSettings();
const DIST = path.join(PROJECT_DIR, 'console', 'web', 'dist');
const SPANS = { train: { from: '2024-01', to: '2024-12' }, test: { from: '2025-01', to: '2025-03' } };
/** Trains in seconds; its error is at most twice that of the models of other tests. */
const SMALL = { networks: 1, epochs: 10, hidden: 32 };
const MODEL = settings.modelName;
const MOST_BYTES = 300_000;
const RUN_ID = `console-${Date.now()}`;
const HOSTILE_ID = `${RUN_ID}-<img src=x onerror="window.harmed=true">/%2F?#`;

const VIEWS = {
  light: { viewport: WIDE, colorScheme: 'light' },
  dark: { viewport: WIDE, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
} as const;

const browserPath = findBrowser();
const world = {
  settings,
  console: `http://127.0.0.1:${settings.ports.console}`,
  runId: RUN_ID,
  screenshots: path.join(PROJECT_DIR, '.stack', 'test-results', 'console'),
} as World;
let connection: Connection;
let database: Database;
let folder: string;

beforeAll(async () => {
  if (!browserPath) return;
  if (!existsSync(path.join(DIST, 'index.html')))
    throw new Error('the pages are not built; run: npm run console:build');
  mkdirSync(world.screenshots, { recursive: true });
  ({ client: world.client, connection } = await connectClient(settings.temporal));
  database = new Database(settings.databaseUrl);
  world.token = await renewToken(database, 'console-test');
  folder = mkdtempSync(path.join(tmpdir(), 'citibike-console-'));
  world.sample = pathToFileURL(folder).href;
  await writeSample({ out: folder, system: 'nyc', from: SPANS.train.from, to: SPANS.test.to });
  const source = { trips: world.sample };
  const input = { ...SPANS, source, hyperParameters: SMALL, promotionThreshold: 0, seed: 7 };
  const handle = await startWorkflow(world.client, 'lifecycle', input, RUN_ID);
  world.result = (await handle.result()) as LifecycleResult;
  await writeSampleForecasts(database, MODEL, RUN_ID);
  world.browser = await launch(browserPath);
});

afterAll(async () => {
  await removeForecasts(RUN_ID);
  await world.browser?.close();
  await database?.close();
  await connection?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!browserPath)(orSkip('the console', !browserPath && 'no Chromium was found'), () => {
  const pages: readonly (readonly [name: string, address: () => string, content: () => string | RegExp])[] = [
    ['overview', () => '/', () => MODEL],
    ['forecast', () => '/forecast', () => 'Trips and weather by day'],
    ['runs', () => '/runs', () => RUN_ID],
    ['run', () => `/runs/${RUN_ID}`, () => 'training'],
    ['run-ingest', () => `/runs/${RUN_ID}-ingest`, () => 'composeDataset'],
    ['new-run', () => '/new-run?type=training', () => 'promotionThreshold'],
    ['data', () => '/data', () => '2025'],
    ['month', () => '/data/nyc-synthetic/seed/2024-03', () => 'missing_hours'],
    ['artifacts', () => '/artifacts', () => 'citibike-data'],
    ['folder', () => '/artifacts?bucket=citibike-data&prefix=raw/', () => 'tripdata/'],
    [
      'artifact',
      () => `/artifacts?uri=${encodeURIComponent(world.result.data.dataset.uri)}`,
      () => 'Data set',
    ],
    ['models', () => '/models', () => MODEL],
    ['model', () => `/models/${MODEL}`, () => `v${world.result.training.version}`],
    ['version', () => `/models/${MODEL}/versions/${world.result.training.version}`, () => 'Training loss'],
    [
      'compare',
      () => `/models/${MODEL}/compare?versions=${world.result.training.version}`,
      () => 'Validation loss',
    ],
    [
      'compare-experiments',
      () => `/compare-experiments?runs=${world.result.training.runId}`,
      () => 'neither better nor worse',
    ],
    ['experiments', () => '/experiments', () => 'Test RMSE'],
    ['experiment', () => `/experiments/${world.result.training.runId}`, () => 'learning_rate'],
    [
      'stations',
      () => '/stations?system=nyc-synthetic&month=2024-06&hour=18&weekdays=mon-fri',
      () => '2024-06, 18:00 to 18:59, Monday to Friday',
    ],
    ['drift', () => '/drift', () => '2025-W02'],
    ['predict', () => '/predict?date=2025-01-15&TMAX=40&TMIN=30&SNOW=0', () => 'trips per hour'],
    ['schedules', () => '/schedules', () => 'monthly-drift'],
    ['edit-schedule', () => '/edit-schedule?id=monthly-drift', () => 'Catch-up window'],
  ];

  test.each(pages)(
    '%s shows real content in light, dark and on a phone, without errors',
    async (name, address, content) => {
      const context = await world.browser.newContext({ viewport: WIDE });
      const page = await context.newPage();
      const complaints = complaintsOf(page, world.console);
      await page.goto(world.console + address());
      await loaded(page);
      await page.getByText(content()).first().waitFor({ state: 'attached' });
      for (const [view, { viewport, colorScheme }] of Object.entries(VIEWS)) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: path.join(world.screenshots, `${name}-${view}.png`), fullPage: true });
        const { violations } = await new AxeBuilder({ page }).analyze();
        const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        expect(
          grave.map(({ id, nodes }) => `${view}, ${id}: ${nodes[0]?.html}`),
          view,
        ).toEqual([]);
        const excess = 'document.documentElement.scrollWidth - window.innerWidth';
        expect(await page.evaluate<number>(excess), `${view}: wider than the screen`).toBeLessThanOrEqual(0);
      }
      expect(complaints).toEqual([]);
      await context.close();
    },
  );

  overviewTests(world);
  outcomeTests(world);
  reportTests(world);
  forecastTests(world);
  logTests(world);
  searchTests(world);
  actionTests(world);
  comparisonTests(world);
  artifactTests(world);
  scheduleTests(world);

  driftTests(world);
  stationTests(world);

  test('rejects a wrong token and asks again', async () => {
    const context = await world.browser.newContext(VIEWS.light);
    const page = await open(context, world.console + '/schedules');
    await page.getByRole('button', { name: 'Pause' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Token').fill('not-the-token');
    await dialog.getByRole('button', { name: 'Pause' }).click();
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.getByLabel('Token').isVisible()).toBe(true);
    await context.close();
  });

  test('shows markup in a workflow id and in an address as text', async () => {
    const handle = await world.client.workflow.start('ingest', {
      workflowId: HOSTILE_ID,
      taskQueue: TASK_QUEUE,
      args: [{ from: '<script>window.harmed=true</script>' }],
    });
    await handle.result().catch(() => undefined);
    const context = await world.browser.newContext(VIEWS.light);
    const list = await open(context, world.console + '/runs?state=failed');
    await list.getByRole('link', { name: HOSTILE_ID }).click();
    await loaded(list);
    expect(await list.locator('h1').innerText()).toBe(HOSTILE_ID);
    await list.getByText('INVALID_INPUT').first().waitFor();
    const artifact = await open(
      context,
      world.console + `/artifacts?uri=${encodeURIComponent('s3://citibike-data/<script>x</script>')}`,
    );
    for (const page of [list, artifact]) {
      expect(await page.evaluate('window.harmed')).toBeUndefined();
    }
    await context.close();
  });

  tokenTests(world);
  outageTests(world);
});

test('all pages together are below 300 kB compressed', () => {
  const files = readdirSync(DIST, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.map(
    ({ parentPath, name }) => gzipSync(readFileSync(path.join(parentPath, name))).length,
  );
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
});

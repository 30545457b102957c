/** The console in a real browser over the real stack: every page with real content, and what can be done from it. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import type { Client, Connection } from '@temporalio/client';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renewToken } from '../../adapters/postgres/console-tokens.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { connectClient } from '../../adapters/temporal/connect.ts';
import { startWorkflow } from '../../client/start.ts';
import { writeSample } from '../../client/write-sample.ts';
import { TASK_QUEUE } from '../../contracts/task-queues.ts';
import type { LifecycleResult } from '../../contracts/results.ts';
import { PROJECT_DIR, loadSettings } from '../../settings.ts';
import { findBrowser, launch } from './browser.ts';

const settings = loadSettings();
const CONSOLE = `http://127.0.0.1:${settings.ports.console}`;
const DIST = path.join(PROJECT_DIR, 'console', 'web', 'dist');
const SCREENSHOTS = path.join(PROJECT_DIR, '.stack', 'test-results', 'console');
const SPANS = { train: { from: '2024-01', to: '2024-12' }, test: { from: '2025-01', to: '2025-03' } };
/** Good enough to predict something, quick enough to wait for. */
const SMALL = { networks: 1, epochs: 3, hidden: 16 };
const MODEL = settings.modelName;
const MOST_BYTES = 300_000;
const RUN_ID = `console-${Date.now()}`;
const HOSTILE_ID = `${RUN_ID}-<img src=x onerror="window.harmed=true">/%2F?#`;

const WIDE = { width: 1360, height: 900 };
const VIEWS = {
  light: { viewport: WIDE, colorScheme: 'light' },
  dark: { viewport: WIDE, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
} as const;

const browserPath = findBrowser();
let browser: Browser;
let client: Client;
let connection: Connection;
let database: Database;
let sample: string;
let token: string;
let result: LifecycleResult;
/** Made by the run that was started from the form. */
let formVersion: string;

/** What the browser complained of: errors on its console, failed requests, and requests to other hosts. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(CONSOLE)) complaints.push(`asked ${request.url()}`);
  });
  return complaints;
}

async function open(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(CONSOLE + address);
  await loaded(page);
  return page;
}

async function loaded(page: Page): Promise<void> {
  await page.locator('h1').waitFor();
  await expect.poll(() => page.locator('.loading').count(), { timeout: 15_000 }).toBe(0);
}

/** Answers the dialog that is open. */
async function confirm(page: Page, label: string, reason?: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  if (reason !== undefined) await dialog.getByLabel('Reason, for the records').fill(reason);
  const tokenField = dialog.getByLabel('Token');
  if (await tokenField.isVisible()) await tokenField.fill(token);
  await dialog.getByRole('button', { name: label }).click();
}

/** Answers the dialog, and reads what it says came of it. */
async function outcomeOf(page: Page, label: string, reason: string): Promise<string> {
  await confirm(page, label, reason);
  return page.getByRole('dialog').getByRole('status').innerText();
}

async function servedVersion(): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${settings.ports.inference}/predict_trip`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"input_data":[{"date":"2025-01-15T08:00:00","TMAX":40,"TMIN":30,"SNOW":0}]}',
  });
  const { predictions } = (await response.json()) as { predictions: { version: string }[] };
  return predictions[0]!.version;
}

function lifecycleInput(seed: number) {
  return {
    ...SPANS,
    source: { trips: pathToFileURL(sample).href },
    hyperParameters: SMALL,
    promotionThreshold: 0,
    seed,
  };
}

beforeAll(async () => {
  if (!browserPath) return;
  if (!existsSync(path.join(DIST, 'index.html')))
    throw new Error('the pages are not built: npm run console:build');
  mkdirSync(SCREENSHOTS, { recursive: true });
  ({ client, connection } = await connectClient(settings.temporal));
  database = new Database(settings.databaseUrl);
  token = await renewToken(database, 'console-test');
  sample = mkdtempSync(path.join(tmpdir(), 'citibike-console-'));
  await writeSample({ out: sample, system: 'nyc', from: SPANS.train.from, to: SPANS.test.to });
  const handle = await startWorkflow(client, 'lifecycle', lifecycleInput(7), RUN_ID);
  result = (await handle.result()) as LifecycleResult;
  browser = await launch(browserPath);
});

afterAll(async () => {
  await browser?.close();
  await database?.close();
  await connection?.close();
  if (sample) rmSync(sample, { recursive: true, force: true });
});

describe.skipIf(!browserPath)('the console', () => {
  const pages: readonly (readonly [name: string, address: () => string, content: () => string | RegExp])[] = [
    ['overview', () => '/', () => MODEL],
    ['runs', () => '/runs', () => RUN_ID],
    ['run', () => `/runs/${RUN_ID}`, () => 'training'],
    ['run-ingest', () => `/runs/${RUN_ID}-ingest`, () => 'composeDataset'],
    ['new-run', () => '/new-run?type=training', () => 'promotionThreshold'],
    ['data', () => '/data', () => '2025'],
    ['month', () => '/data/nyc-synthetic/seed/2024-03', () => 'missing_hours'],
    ['artifacts', () => '/artifacts', () => 'citibike-data'],
    ['folder', () => '/artifacts?bucket=citibike-data&prefix=raw/', () => 'tripdata/'],
    ['artifact', () => `/artifacts?uri=${encodeURIComponent(result.data.dataset.uri)}`, () => 'by compose'],
    ['models', () => '/models', () => MODEL],
    ['model', () => `/models/${MODEL}`, () => `v${result.training.version}`],
    ['version', () => `/models/${MODEL}/versions/${result.training.version}`, () => 'train_loss'],
    ['experiments', () => '/experiments', () => 'Test RMSE'],
    ['experiment', () => `/experiments/${result.training.runId}`, () => 'learning_rate'],
    ['drift', () => '/drift', () => '2025-W02'],
    ['predict', () => '/predict?date=2025-01-15', () => 'trips an hour'],
    ['schedules', () => '/schedules', () => 'monthly-drift'],
  ];

  test.each(pages)(
    '%s shows real content in light, dark and on a phone, and nothing is wrong with it',
    async (name, address, content) => {
      const context = await browser.newContext({ viewport: WIDE });
      const page = await context.newPage();
      const complaints = complaintsOf(page);
      await page.goto(CONSOLE + address());
      await loaded(page);
      await page.getByText(content()).first().waitFor({ state: 'attached' });
      for (const [view, { viewport, colorScheme }] of Object.entries(VIEWS)) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: path.join(SCREENSHOTS, `${name}-${view}.png`), fullPage: true });
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

  test('a training started from the form is followed to its end without loading the page again', async () => {
    const context = await browser.newContext(VIEWS.light);
    const page = await open(context, `/new-run?type=lifecycle&from=${RUN_ID}`);
    await page.getByLabel('seed', { exact: true }).fill(String(Date.now() % 100_000));
    await page.getByLabel('Workflow id').fill(`${RUN_ID}-form`);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await confirm(page, 'Start');
    await page.waitForURL(`**/runs/${RUN_ID}-form**`);
    await page.evaluate('window.kept = true');
    await page.locator('.panel-aside .badge', { hasText: 'running' }).first().waitFor();
    await page.locator('.panel-aside .badge', { hasText: 'completed' }).first().waitFor({ timeout: 240_000 });
    expect(await page.evaluate('window.kept')).toBe(true);
    const ended = (await client.workflow.getHandle(`${RUN_ID}-form`).result()) as LifecycleResult;
    formVersion = ended.training.version;
    await context.close();
  }, 300_000);

  test('what is promoted and rolled back from the console is what the prediction service serves', async () => {
    const before = await servedVersion();
    const target = before === formVersion ? result.training.version : formVersion;
    const context = await browser.newContext(VIEWS.light);
    const promotion = await open(context, `/models/${MODEL}/versions/${target}`);
    await promotion.getByRole('button', { name: `Promote v${target}` }).click();
    expect(await outcomeOf(promotion, `Promote v${target}`, 'console test: forth')).toContain(
      'being rolled out',
    );
    await expect.poll(servedVersion, { timeout: 60_000, interval: 500 }).toBe(target);

    const rollback = await open(context, `/models/${MODEL}`);
    await rollback.getByRole('button', { name: 'Roll back' }).click();
    await rollback.getByLabel('Version to go back to').fill(before);
    expect(await outcomeOf(rollback, 'Roll back', 'console test: back')).toContain('rollback has begun');
    await expect.poll(servedVersion, { timeout: 60_000, interval: 500 }).toBe(before);

    const audit = await open(context, '/schedules');
    expect(await audit.getByRole('region', { name: 'Actions, newest first' }).innerText()).toContain(
      'console-test',
    );
    await context.close();
  }, 180_000);

  test('compares the two versions', async () => {
    const context = await browser.newContext(VIEWS.light);
    const page = await open(
      context,
      `/models/${MODEL}/compare?a=${result.training.version}&b=${formVersion}`,
    );
    await page.getByRole('heading', { name: 'Parameters that differ' }).waitFor();
    expect(
      await page.getByRole('region', { name: 'Parameters that differ', exact: true }).innerText(),
    ).toContain('seed');
    await page.screenshot({ path: path.join(SCREENSHOTS, 'compare-light.png'), fullPage: true });
    await context.close();
  });

  test('a wrong token is refused, and asked for again', async () => {
    const context = await browser.newContext(VIEWS.light);
    const page = await open(context, '/schedules');
    await page.getByRole('button', { name: 'Pause' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Token').fill('not-the-token');
    await dialog.getByRole('button', { name: 'Pause' }).click();
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.getByLabel('Token').isVisible()).toBe(true);
    await context.close();
  });

  test('markup in a workflow id and in an address is text', async () => {
    const handle = await client.workflow.start('ingest', {
      workflowId: HOSTILE_ID,
      taskQueue: TASK_QUEUE,
      args: [{ from: '<script>window.harmed=true</script>' }],
    });
    await handle.result().catch(() => undefined);
    const context = await browser.newContext(VIEWS.light);
    const list = await open(context, '/runs?state=failed');
    await list.getByRole('link', { name: HOSTILE_ID }).click();
    await loaded(list);
    expect(await list.locator('h1').innerText()).toBe(HOSTILE_ID);
    await list.getByText('INVALID_INPUT').first().waitFor();
    const artifact = await open(
      context,
      `/artifacts?uri=${encodeURIComponent('s3://citibike-data/<script>x</script>')}`,
    );
    for (const page of [list, artifact]) {
      expect(await page.evaluate('window.harmed')).toBeUndefined();
    }
    await context.close();
  });
});

test('all pages together are below 300 kB compressed', () => {
  const files = readdirSync(DIST, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.map(
    ({ parentPath, name }) => gzipSync(readFileSync(path.join(parentPath, name))).length,
  );
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
});

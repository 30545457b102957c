/** Tests every page of the console while one of its servers is unavailable, and that the page recovers. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { UpstreamName } from '../../../console/api/schemas/common.ts';
import { SeverableProxy } from '../../fixtures/severable-proxy.ts';
import { startOwnConsole, type OwnConsole } from './own-console.ts';
import { WIDE, complaintsOf, loaded, walk } from './visit.ts';
import type { World } from './world.ts';

const TITLES: Readonly<Record<UpstreamName, string>> = {
  temporal: 'Temporal',
  mlflow: 'MLflow',
  s3: 'S3',
  postgres: 'Postgres',
  inference: 'The prediction service',
};

interface Visit {
  readonly address: string;
  /** Appears whichever server is unavailable. */
  readonly content: string;
  /** Appears without one of the servers that the page uses. */
  readonly without: Readonly<Partial<Record<UpstreamName, string>>>;
}

/** Lists by hand which page uses which server, because this is what the test checks. */
function visits({ runId, settings: { modelName: model }, result }: World): Visit[] {
  const { version, runId: experiment } = result.training;
  const dataset = encodeURIComponent(result.data.dataset.uri);
  const unavailable = 'MLflow does not answer, so this is unavailable.';
  return [
    {
      address: '/',
      content: 'Needs attention',
      without: {
        temporal: 'test RMSE',
        mlflow: 'Preprocess',
        postgres: 'test RMSE',
        inference: 'Preprocess',
      },
    },
    { address: '/runs', content: runId, without: { temporal: runId, postgres: runId } },
    // The records replace Temporal.
    {
      address: `/runs/${runId}-ingest`,
      content: 'composeDataset',
      without: { temporal: 'run records', postgres: 'composeDataset' },
    },
    { address: '/new-run?type=training', content: 'promotionThreshold', without: {} },
    { address: '/data', content: 'Data', without: { s3: 'so this is unavailable' } },
    {
      address: '/data/nyc-synthetic/seed/2024-03',
      content: '2024-03',
      without: { s3: 'S3 does not answer' },
    },
    {
      address: '/artifacts',
      content: 'citibike-data',
      without: { s3: 'citibike-data', postgres: 'citibike-data' },
    },
    { address: '/artifacts?bucket=citibike-data&prefix=raw/', content: 'raw', without: { s3: 'S3' } },
    // The lineage is in the records and in the manifests.
    {
      address: `/artifacts?uri=${dataset}`,
      content: 'dataset.json',
      without: { s3: 'compose', postgres: 'compose' },
    },
    { address: '/models', content: 'Models', without: { mlflow: 'MLflow does not answer' } },
    { address: `/models/${model}`, content: model, without: { mlflow: 'Serving', postgres: `v${version}` } },
    {
      address: `/models/${model}/versions/${version}`,
      content: model,
      without: { mlflow: unavailable, s3: 'Training loss' },
    },
    {
      address: `/models/${model}/compare?versions=${version}`,
      content: 'Compare versions',
      without: { mlflow: unavailable, s3: 'Training loss' },
    },
    {
      address: '/edit-schedule?id=monthly-drift',
      content: 'Catch-up window',
      without: { temporal: 'or Temporal does not answer' },
    },
    { address: '/experiments', content: 'Experiments', without: { mlflow: 'MLflow does not answer' } },
    {
      address: `/experiments/${experiment}`,
      content: 'Experiments',
      without: { mlflow: unavailable, s3: 'Training loss' },
    },
    {
      address: '/drift',
      content: 'Check for drift',
      without: { postgres: 'so this is unavailable', s3: 'Columns by week' },
    },
    {
      address: '/predict?date=2025-01-15&TMAX=40&TMIN=30&SNOW=0',
      content: 'Predict',
      without: { inference: 'Predict' },
    },
    {
      address: '/forecast',
      content: 'Scores by lead day',
      without: { postgres: 'Postgres does not answer, so this is unavailable.' },
    },
    {
      address: '/schedules',
      content: 'Audit',
      without: { temporal: 'Audit', postgres: 'monthly-drift' },
    },
  ];
}

export function outageTests(world: World): void {
  describe('with a server unavailable', () => {
    const proxies = {} as Record<UpstreamName, SeverableProxy>;
    let own: OwnConsole;

    beforeAll(async () => {
      const { settings } = world;
      const { ports } = settings;
      for (const [name, port] of Object.entries({
        temporal: ports.temporal,
        mlflow: ports.mlflow,
        s3: ports.s3,
        postgres: ports.postgres,
        inference: ports.inference,
      }))
        proxies[name as UpstreamName] = await SeverableProxy.before('127.0.0.1', port);
      const local = (name: UpstreamName) => `127.0.0.1:${proxies[name].port}`;
      const database = new URL(settings.databaseUrl);
      database.host = local('postgres');
      own = await startOwnConsole({
        TEMPORAL_ADDRESS: local('temporal'),
        MLFLOW_TRACKING_URI: `http://${local('mlflow')}`,
        AWS_ENDPOINT_URL: `http://${local('s3')}`,
        DATABASE_URL: database.href,
        INFERENCE_URL: `http://${local('inference')}`,
        // MLflow reads files from S3 itself and does not pass the proxy.
      });
    });

    // Each test begins with all servers available.
    afterEach(() => Object.values(proxies).forEach((proxy) => proxy.mend()));

    afterAll(async () => {
      await own?.stop();
      Object.values(proxies).forEach((proxy) => proxy.close());
    });

    test.each([
      ['temporal', 'cut'],
      ['mlflow', 'cut'],
      ['s3', 'cut'],
      ['postgres', 'cut'],
      ['inference', 'cut'],
      ['temporal', 'hang'],
      ['postgres', 'hang'],
    ] as const)('%s (%s): every page shows the rest, and recovers without a reload', async (name, way) => {
      const context = await world.browser.newContext({ viewport: WIDE });
      const page = await context.newPage();
      const complaints = complaintsOf(page, own.url);
      proxies[name][way]();
      await page.goto(own.url);
      await loaded(page);
      const down = page.getByRole('list', { name: 'Servers' }).getByText(`${titleInList(name)}: down`);
      await down.waitFor();
      await page.evaluate('window.kept = true');

      for (const { address, content, without } of visits(world)) {
        // The cut already covered the pages that use other servers.
        if (way === 'hang' && without[name] === undefined) continue;
        await walk(page, address);
        const left = without[name];
        await page
          .locator('main')
          .getByText(left ?? content)
          .first()
          .waitFor({ state: 'attached' });
        const outages = outagesIn(page);
        if (left !== undefined)
          await outages
            .filter({ hasText: `${TITLES[name]} does not answer` })
            .first()
            .waitFor();
        else expect(await outages.count(), `${address} does not use ${name}`).toBe(0);
      }
      await walk(page, name === 'inference' ? '/predict?TMAX=40&TMIN=30&SNOW=0' : '/');
      await page.screenshot({ path: `${world.screenshots}/without-${name}-${way}.png`, fullPage: true });

      proxies[name].mend();
      await expect.poll(() => down.count(), { timeout: 20_000 }).toBe(0);
      await expect.poll(() => outagesIn(page).count(), { timeout: 20_000 }).toBe(0);
      expect(await page.evaluate('window.kept')).toBe(true);
      expect(complaints).toEqual([]);
      await context.close();
    });
  });
}

function outagesIn(page: Page) {
  return page.locator('main').locator('.notice-warn', { hasText: 'does not answer' });
}

/** Returns the title without its article. */
function titleInList(name: UpstreamName): string {
  return TITLES[name].replace('The p', 'P');
}

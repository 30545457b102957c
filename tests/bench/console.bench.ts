/** Measures the console's pages in a browser, over a stack with as much data as years of use leave. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { PROJECT_DIR, type Settings } from '../../settings.ts';
import { findBrowser, launch } from '../e2e/browser.ts';
import { startOwnConsole } from '../e2e/console/own-console.ts';
import { SeverableProxy } from '../fixtures/severable-proxy.ts';
import { pageLoad, type PageUnderTest } from './console/page-load.ts';
import { runLongWorkflow, insertRuns, registerVersions } from './console/fill-stack.ts';
import type { Bench, BenchContext, MeasuredSection } from './harness/bench.ts';
import { withOwnStack } from './harness/own-stack.ts';
import { median } from './harness/statistics.ts';

const TURNS = 7;
const RUNS = 10_000;
const VERSIONS = 1_000;

interface MeasuredPage extends PageUnderTest {
  /** Limit of the median in milliseconds. */
  readonly limit: number;
}

type Times = ReadonlyMap<string, number[]>;

const text = (words: string) =>
  `document.querySelector('main')?.textContent.includes(${JSON.stringify(words)})`;
const tableRows = (count: number) => `document.querySelectorAll('main tbody tr').length >= ${count}`;
const LOOP = `document.querySelectorAll('.loop-stage').length === 6`;

function pagesOf(base: string, model: string, workflowId: string): MeasuredPage[] {
  return [
    {
      name: 'overview',
      url: `${base}/`,
      shown: `${LOOP} && ${text('test RMSE')} && ${tableRows(1)}`,
      limit: 1_000,
    },
    {
      name: 'run of 2,000 events',
      url: `${base}/runs/${workflowId}`,
      shown: `${text('events')} && document.querySelector('main .node')`,
      limit: 1_500,
    },
    { name: 'runs', url: `${base}/runs`, shown: tableRows(50), limit: 1_000 },
    { name: 'versions of a model', url: `${base}/models/${model}`, shown: tableRows(50), limit: 1_500 },
  ];
}

/** Measures the overview when Temporal accepts connections but never answers: the first time, and later. */
function hungPages(url: string): MeasuredPage[] {
  const shown = `${LOOP} && ${text('Temporal does not answer')} && ${text('test RMSE')}`;
  return [
    { name: 'overview, the first since Temporal hangs', url, shown, limit: 3_000 },
    { name: 'overview, the next', url, shown, limit: 1_000 },
  ];
}

/** Measures each page in the given order. */
async function visitAll(browser: Browser, pages: readonly MeasuredPage[], times: Times): Promise<string> {
  const said: string[] = [];
  for (const page of pages) {
    const ms = await pageLoad(browser, page);
    times.get(page.name)!.push(ms);
    said.push(`${page.name} ${ms.toFixed(0)} ms`);
  }
  return said.join(', ');
}

async function measureHanging(browser: Browser, settings: Settings, turns: number, log: BenchContext['log']) {
  const proxy = await SeverableProxy.before('127.0.0.1', settings.ports.temporal);
  const own = await startOwnConsole({
    PORT_OFFSET: String(settings.portOffset),
    TEMPORAL_ADDRESS: `127.0.0.1:${proxy.port}`,
  });
  try {
    const pages = hungPages(`${own.url}/`);
    const times: Times = new Map(pages.map(({ name }) => [name, []]));
    const [healthy] = pagesOf(own.url, settings.modelName, '');
    for (let turn = 1; turn <= turns; turn += 1) {
      // Waits until the console has recovered.
      await pageLoad(browser, { ...healthy!, shown: `${healthy!.shown} && !${text('does not answer')}` });
      proxy.hang();
      log(`  run ${turn}/${turns}  ${await visitAll(browser, pages, times)}`);
      proxy.mend();
    }
    return { pages, times };
  } finally {
    await own.stop();
    proxy.close();
  }
}

function sectionOf(
  title: string,
  intro: string,
  { pages, times }: { readonly pages: readonly MeasuredPage[]; readonly times: Times },
): MeasuredSection {
  return {
    title,
    intro,
    header: ['page', 'median, ms', 'least, ms', 'most, ms'],
    rows: pages.map(({ name }) => {
      const all = times.get(name)!;
      return [name, ...[median(all), Math.min(...all), Math.max(...all)].map((ms) => ms.toFixed(0))];
    }),
    judgedTargets: pages.map(({ name, limit }) => {
      const ms = median(times.get(name)!);
      return {
        text: `${name}: shown and reacting within ${limit} ms`,
        judgement: { passes: ms <= limit, measured: `${ms.toFixed(0)} ms` },
      };
    }),
  };
}

async function measure({ log }: BenchContext, turns = TURNS): Promise<MeasuredSection[]> {
  const browserPath = findBrowser();
  if (!browserPath) throw new Error('the console is measured in Chromium, and there is none');
  if (!existsSync(path.join(PROJECT_DIR, 'console', 'web', 'dist', 'index.html')))
    throw new Error('the pages are not built: npm run console:build');
  return withOwnStack(log, async (settings) => {
    await insertRuns(settings, RUNS);
    log(`  ${RUNS} runs on record`);
    await registerVersions(settings, VERSIONS);
    log(`  ${VERSIONS} versions registered`);
    const { workflowId, events } = await runLongWorkflow(settings);
    log(`  a history of ${events} events`);
    const pages = pagesOf(`http://127.0.0.1:${settings.ports.console}`, settings.modelName, workflowId);
    const times: Times = new Map(pages.map(({ name }) => [name, []]));
    const browser = await launch(browserPath);
    try {
      // The first visit is also the server's first.
      for (const page of pages) await pageLoad(browser, page);
      for (let turn = 1; turn <= turns; turn += 1)
        log(`  run ${turn}/${turns}  ${await visitAll(browser, pages, times)}`);
      const hanging = await measureHanging(browser, settings, turns, log);
      const [runs, versions, long] = [RUNS, VERSIONS, events].map((count) => count.toLocaleString('en-US'));
      return [
        sectionOf(
          `${runs} runs on record, ${versions} versions, a run of ${long} events`,
          `Headless Chromium on the same machine, nothing cached in it, the server warm. From the start of the navigation until the content was drawn and the page answers to the next event, by the browser's clock. Each ran in ${turns} turns.`,
          { pages, times },
        ),
        sectionOf(
          'With a server that hangs',
          `Temporal accepts connections and does not answer. The rows show a page before the console knows, and afterwards. ${turns} turns, Temporal recovers between them.`,
          hanging,
        ),
      ];
    } finally {
      await browser.close();
    }
  });
}

export const bench: Bench = { name: 'console', title: 'Console', measure };

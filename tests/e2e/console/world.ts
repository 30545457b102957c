/** What the console's tests share: one browser, one lifecycle, one token. Filled before the first test. */
import type { Client } from '@temporalio/client';
import type { Browser } from 'playwright-core';
import type { LifecycleResult } from '../../../contracts/workflows/lifecycle.ts';
import type { Settings } from '../../../settings.ts';

export interface World {
  readonly settings: Settings;
  /** Address of the stack's own console. */
  readonly console: string;
  /** Begins the id of every run of these tests; the lifecycle's own. */
  readonly runId: string;
  /** Where pictures of pages are kept. */
  readonly screenshots: string;
  browser: Browser;
  client: Client;
  token: string;
  /** Folder of the synthetic archives, as a `file:` address. */
  sample: string;
  result: LifecycleResult;
  /** Made by the run that was started from the form, and promoted after a person's word. */
  formVersion: string;
}

export async function servedVersion({ settings }: World): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${settings.ports.inference}/predict_trip`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"input_data":[{"date":"2025-01-15T08:00:00","TMAX":40,"TMIN":30,"SNOW":0}]}',
  });
  const { predictions } = (await response.json()) as { predictions: { version: string }[] };
  return predictions[0]!.version;
}

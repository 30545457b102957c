/** Holds one browser, lifecycle and token, which the console's tests share. `beforeAll` fills them. */
import type { Client } from '@temporalio/client';
import type { Browser } from 'playwright-core';
import type { LifecycleResult } from '../../../contracts/workflows/lifecycle.ts';
import type { Settings } from '../../../settings.ts';

export interface World {
  readonly settings: Settings;
  /** Address of the stack's console. */
  readonly console: string;
  /** Id of the lifecycle, and prefix of the id of every other run of these tests. */
  readonly runId: string;
  /** Folder of the screenshots. */
  readonly screenshots: string;
  browser: Browser;
  client: Client;
  token: string;
  /** Folder of the synthetic archives, as a `file:` address. */
  sample: string;
  result: LifecycleResult;
  /** Version that the run from the form trained, promoted after the approval. */
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

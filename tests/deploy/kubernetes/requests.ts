/** Asks the prediction service from a pod of a namespace that may call it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXAMPLE_HOUR } from '../../../contracts/hour-to-predict.ts';
import { kubectl, kubectlWith } from './kubectl.ts';

const SERVICE = 'http://inference.citibike';
const CALLER = ['--namespace=callers', 'caller', '--'];
const SCRIPT = path.join(import.meta.dirname, 'steady-requests.ts');
/** Sets the time before and after what happens. */
const MARGIN_MS = 3_000;

/** Predicts the example hour. */
export async function predictionFromCaller(): Promise<number> {
  const body = JSON.stringify({ input_data: [EXAMPLE_HOUR] });
  const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  const script = `fetch('${SERVICE}/predict_trip', ${JSON.stringify(options)}).then((answer) => answer.text()).then(console.log)`;
  const answer = await kubectl('exec', ...CALLER, 'node', '-e', script);
  return (JSON.parse(answer) as { predictions: { prediction: number }[] }).predictions[0]!.prediction;
}

export interface RequestReport {
  readonly sent: number;
  readonly answered: number;
  /** Number of requests on a connection that an earlier request had opened. */
  readonly reused: number;
  /** Number of failed requests by what went wrong. */
  readonly failures: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly slowestMs: number;
}

/** Sends predictions at a steady rate through the Service while something happens. */
export async function requestsDuring(
  perSecond: number,
  happening: () => Promise<unknown>,
): Promise<RequestReport> {
  const command = ['node', '--input-type=module-typescript', '-', SERVICE, String(perSecond)];
  await kubectl('exec', ...CALLER, 'rm', '-f', '/tmp/stop');
  const report = kubectlWith(readFileSync(SCRIPT, 'utf8'), 'exec', '--stdin', ...CALLER, ...command);
  try {
    await sleep(MARGIN_MS);
    await happening();
    await sleep(MARGIN_MS);
  } finally {
    await kubectl('exec', ...CALLER, 'touch', '/tmp/stop');
  }
  return JSON.parse(await report) as RequestReport;
}

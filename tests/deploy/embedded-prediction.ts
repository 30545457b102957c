/** Predicts one hour by a local stack of its own, after a lifecycle on the synthetic system. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { writeSample } from '../../client/write-sample.ts';
import { PROJECT_DIR } from '../../settings.ts';
import { TestStack } from '../runner/test-stack.ts';

export const INPUT = {
  system: 'nyc',
  train: { from: '2024-01', to: '2024-12' },
  test: { from: '2025-01', to: '2025-03' },
} as const;
const HOUR = ['--date', '2025-01-15T08:00:00', '--tmax', '40', '--tmin', '30', '--snow', '0'];

export async function embeddedPrediction(): Promise<number> {
  const stack = await TestStack.at('embedded stack', 16_000, process.env);
  const citibike = async (...args: readonly string[]): Promise<string> => {
    const file = path.join(PROJECT_DIR, 'client/bin.mjs');
    return (await promisify(execFile)(process.execPath, [file, ...args], { env: stack.env })).stdout;
  };
  const sample = mkdtempSync(path.join(tmpdir(), 'citibike-sample-'));
  try {
    if ((await stack.start()).failed > 0) throw new Error('the local stack did not start');
    await writeSample({ out: sample });
    const input = { ...INPUT, source: { trips: pathToFileURL(sample).href } };
    await citibike('run', 'lifecycle', '--json', JSON.stringify(input));
    const answer = JSON.parse(await citibike('predict', ...HOUR, '--json')) as {
      predictions: { prediction: number }[];
    };
    return answer.predictions[0]!.prediction;
  } finally {
    await stack.remove();
    rmSync(sample, { recursive: true });
  }
}

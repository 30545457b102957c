/** Tests the command line as a whole: version, groups of the help, and names of workflows. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { productVersion } from '../../../stack/instance-version.ts';

const BIN = path.join(import.meta.dirname, '..', '..', '..', 'client', 'bin.mjs');
const citibike = (...args: string[]) => spawnSync(process.execPath, [BIN, ...args], { encoding: 'utf8' });

test('prints the version of the product', () => {
  expect(citibike('--version').stdout).toBe(`${productVersion()}\n`);
});

test('groups the commands in the help, without the hidden ones', () => {
  const { stdout } = citibike('--help');
  const groups = stdout.match(/^[A-Z][a-z ]+:$/gm);
  expect(groups?.slice(1)).toEqual([
    ...[
      'Local stack:',
      'Runs:',
      'Models:',
      'Predictions:',
      'Data and drift:',
      'Storage and access:',
      'Help:',
    ],
  ]);
  expect(stdout).not.toContain('supervise');
});

test.each([['backtest'], ['backtest', '--from', '2025-01'], ['training', '--input', 'x.yaml']])(
  'names the command that starts the workflow: %s %s',
  (...args) => {
    const { stderr, status } = citibike(...args);
    expect(stderr).toContain(`citibike run ${args[0]} --help`);
    expect(status).toBe(1);
  },
);

test('shows a backtest with weather forecasts in its help', () => {
  expect(citibike('run', 'backtest', '--help').stdout).toContain('"weather":"forecast"');
});

test('lists every hyper-parameter with meaning, range and default in the help of a training', () => {
  const { stdout } = citibike('run', 'training', '--help');
  const names = ['hidden', 'networks', 'epochs', 'batch', 'learningRate', 'weightDecay', 'loss', 'growth'];
  for (const name of [...names, 'calibration'])
    expect(stdout).toMatch(new RegExp(`hyperParameters\\.${name} +\\S.*; .*\\[default .+\\]`));
});

/** Tests that wrong arguments are reported with what is wrong, what was expected and what to do. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const BIN = path.join(import.meta.dirname, '..', '..', '..', 'client', 'bin.mjs');

test.each([
  ['runs --folow', 'unknown option "--folow"', '--limit, --follow, --json', 'Did you mean --follow?'],
  ['runs a b', 'got 2 arguments ("a","b")', 'at most 1: [run]', ''],
  ['env x', 'got 1 argument ("x")', 'options only', ''],
  ['schedules now', 'unknown command "now"', 'apply', ''],
  ['run trainig', 'unknown command "trainig"', 'lifecycle, ingest, training', 'Did you mean training?'],
  ['modles', 'unknown command "modles"', 'one that the help lists', 'Did you mean models?'],
  ['evaluate m', 'option --hourly <files...> is missing', 'CSV, TSV or parquet files', ''],
  ['stations --hour', 'option --hour <hour> has no value', '0 to 23', ''],
  ['stations --hour 99', '--hour: got "99"', "0 to 23, or 'all'", ''],
  ['runs --state bad', '--state: got "bad"', 'one of running, completed', ''],
  ['api-key revoke', 'argument <name> is missing', 'name of the key', ''],
])('citibike %s', (line, wrong, expected, hint) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [BIN, ...line.split(' ')], {
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stdout).toBe('');
  const [said, rest] = stderr.split(', expected ');
  expect(said).toMatch(/^error: citibike/);
  expect(said).toContain(wrong);
  expect(rest).toContain(expected);
  expect(rest).toContain(hint);
  expect(rest).toMatch(/See 'citibike.* --help'\.\n$/);
});

test.each([
  ['--version', 0],
  ['help runs', 0],
  ['runs --help', 0],
  ['api-key', 1],
])('citibike %s ends with %i and without an error', (line, code) => {
  const { stderr, status } = spawnSync(process.execPath, [BIN, ...line.split(' ')], { encoding: 'utf8' });
  expect(status).toBe(code);
  expect(stderr).not.toContain('error:');
});

test('cuts a long argument', () => {
  const { stderr } = spawnSync(process.execPath, [BIN, 'runs', `--${'x'.repeat(5_000)}`], {
    encoding: 'utf8',
  });
  expect(stderr.length).toBeLessThan(400);
});

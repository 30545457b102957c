/** Tests that no invalid input passes, whatever else it contains, and that every message is short. */
import fc from 'fast-check';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readSchedules, Schedules } from '../../../client/apply-schedules.ts';
import { ApprovalDecision, RollbackRequest } from '../../../contracts/approval.ts';
import { CitibikeError } from '../../../contracts/errors.ts';
import { inputProblems } from '../../../contracts/input-problems.ts';
import { DriftRules, parseDriftRules } from '../../../core/drift/decision/drift-rules.ts';
import { parseQualityRules, QualityRulesSchema } from '../../../core/quality/rules.ts';
import { parseInput } from '../../../contracts/parse-input.ts';
import { PromotionInput } from '../../../contracts/workflows/promotion.ts';
import { parseNewInput } from '../../../contracts/new-input.ts';
import { LifecycleInput } from '../../../contracts/workflows/lifecycle.ts';
import { IngestInput } from '../../../contracts/workflows/ingest.ts';
import { TrainingInput } from '../../../contracts/workflows/training.ts';
import { SearchInput } from '../../../contracts/workflows/search.ts';
import { BacktestInput } from '../../../contracts/workflows/backtest.ts';
import { DeploymentInput } from '../../../contracts/workflows/deployment.ts';
import { ForecastInput } from '../../../contracts/workflows/forecast.ts';
import { MonitoringInput } from '../../../contracts/workflows/monitoring.ts';
import { BatchPredictionInput } from '../../../contracts/workflows/batch-prediction.ts';
import { RollbackInput } from '../../../contracts/workflows/rollback.ts';

const MONTHS = { from: '2024-01', to: '2024-12' };
const SPANS = { train: MONTHS, test: { from: '2025-01', to: '2025-03' } };
const FILES = { input: 'a.csv', output: 'b.csv' };
const FRAME = { uri: 's3://b/k', sha256: '0'.repeat(64), bytes: 1, schemaVersion: 1 };

const yaml = (name: string): unknown =>
  parseYaml(readFileSync(`inputs/${name}.yaml`, 'utf8'), { merge: true });

interface Parsed {
  readonly schema: TSchema;
  readonly valid: unknown;
  readonly parse: (value: unknown) => unknown;
}

const input = (name: string, schema: TSchema, valid: unknown): [string, Parsed] => [
  name,
  { schema, valid, parse: (value) => parseInput(name, schema, value) },
];

const PARSERS: [string, Parsed][] = [
  input('lifecycle', LifecycleInput, SPANS),
  input('ingest', IngestInput, { ...MONTHS, also: [MONTHS], source: { trips: 'file:///a' } }),
  input('training', TrainingInput, { ...SPANS, search: { trials: 9 }, traffic: { mode: 'canary' } }),
  input('search', SearchInput, { train: MONTHS, dataset: FRAME }),
  input('backtest', BacktestInput, MONTHS),
  input('deployment', DeploymentInput, { model: 'm', version: '3' }),
  input('monitoring', MonitoringInput, { reference: MONTHS, retraining: { featureSet: 'seed' } }),
  input('forecast', ForecastInput, { system: 'jc', source: 'file:///a', wait: false }),
  input('batchPrediction', BatchPredictionInput, FILES),
  input('rollback', RollbackInput, { model: 'm', version: '2', reason: 'slow' }),
  input('promotion', PromotionInput, { model: 'm', version: '2', testFrame: FRAME }),
  input('approvePromotion', ApprovalDecision, { approve: true, by: 'ann' }),
  input('rollback request', RollbackRequest, { by: 'ann' }),
  [
    'drift rules',
    { schema: DriftRules, valid: yaml('drift'), parse: (value) => parseDriftRules('f', value) },
  ],
  [
    'quality rules',
    { schema: QualityRulesSchema, valid: yaml('quality'), parse: (value) => parseQualityRules('f', value) },
  ],
];

/** Lists the paths of everything in a value. */
function pathsIn(value: unknown, path: readonly string[] = []): string[][] {
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, item]) => pathsIn(item, [...path, name]))
      : [];
  return [[...path], ...inner];
}

function withValueAt(value: unknown, [name, ...rest]: readonly string[], put: unknown): unknown {
  if (name === undefined) return put;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<
    string,
    unknown
  >;
  copy[name] = withValueAt(copy[name], rest, put);
  return copy;
}

const wrongValue = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(null, -1, 0.5, 1e308, '', '../../etc', '2024-13', [], {}, [[]], 'x'.repeat(5_000)),
  fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 200 }),
);

/** Generates a valid input with up to three errors and up to 200 unknown fields. */
const mutated = (valid: unknown) =>
  fc
    .record({
      changes: fc.array(fc.tuple(fc.constantFrom(...pathsIn(valid)), wrongValue), { maxLength: 3 }),
      unknown: fc.integer({ min: 0, max: 200 }),
      at: fc.constantFrom(...pathsIn(valid)),
      name: fc.oneof(fc.constant('z'), fc.string({ maxLength: 200 })),
    })
    .map(({ changes, unknown, at, name }) => {
      const extra = Object.fromEntries(Array.from({ length: unknown }, (_, i) => [`${name}${i}`, i]));
      const place = at.reduce<unknown>((here, key) => (here as Record<string, unknown>)[key], valid);
      const filled = isObject(place) ? withValueAt(valid, at, { ...extra, ...place }) : valid;
      return changes.reduce((value, [path, put]) => putIfThere(value, path, put), filled);
    });

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function putIfThere(value: unknown, path: readonly string[], put: unknown): unknown {
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((here, key) => (here as Record<string, unknown> | null)?.[key], value);
  return path.length === 0 || (typeof parent === 'object' && parent !== null)
    ? withValueAt(value, path, put)
    : value;
}

function failureOf(parse: () => unknown): unknown {
  try {
    parse();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe.each(PARSERS)('%s', (_, { schema, valid, parse }) => {
  test('accepts valid input', () => {
    expect(() => parse(valid)).not.toThrow();
  });

  test('returns only input that fits its schema; every failure is INVALID_INPUT of at most 4 kB', () => {
    let failures = 0;
    fc.assert(
      fc.property(mutated(valid), (value) => {
        let parsed: unknown;
        const failure = failureOf(() => (parsed = parse(value)));
        if (failure === undefined) {
          expect(Value.Check(schema, parsed)).toBe(true);
          return;
        }
        failures += 1;
        expect(failure).toBeInstanceOf(CitibikeError);
        expect(failure).toMatchObject({ code: 'INVALID_INPUT', retryable: false });
        expect(Buffer.byteLength((failure as CitibikeError).message)).toBeLessThanOrEqual(4_000);
      }),
      { numRuns: 150 },
    );
    expect(failures).toBeGreaterThan(50);
  });

  test('reports no problems exactly when Value.Check accepts the input', () => {
    fc.assert(
      fc.property(mutated(valid), (value) => {
        const problems = inputProblems(schema, value);
        expect(problems.length === 0).toBe(Value.Check(schema, value));
        expect(problems.length).toBeLessThanOrEqual(100);
        expect(problems.every(({ shown }) => shown.length <= 80)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

const UNKNOWN = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`z${i + 1}`, 1]));

test.each([
  [
    'rollback',
    { model: '../../etc', ...UNKNOWN },
    'model: got "../../etc", expected a registered model name',
  ],
  ['ingest', { from: 5, to: '2024-02', ...UNKNOWN }, 'from: got 5, expected a month as YYYY-MM'],
  ['deployment', { alias: '', ...UNKNOWN }, 'alias: got "", expected a registered model alias'],
] as const)(
  '%s names what is wrong with a known field before eight unknown ones',
  (type, value, expected) => {
    expect(() => parseNewInput(type, value)).toThrow(
      new RegExp(`^input of ${type} is not valid: ${expected.replaceAll('.', '\\.')}`),
    );
  },
);

test('an input with inherited fields (__proto__) is rejected', () => {
  const value: unknown = JSON.parse('{"__proto__": {"model": "../../etc"}}');
  expect(() => parseInput('rollback', RollbackInput, value)).toThrow(/__proto__: got/);
});

test('lists in lists, far deeper than any stack, are rejected', () => {
  const value: unknown = JSON.parse(`{"also":${'['.repeat(200_000)}${']'.repeat(200_000)}}`);
  expect(() => parseInput('ingest', IngestInput, value)).toThrow(/nested more than/);
});

test('only the first hundred of 680,000 unknown fields are read, and listed once', () => {
  let read = 0;
  let listed = 0;
  const names = Array.from({ length: 680_000 }, (_, i) => `z${i}`);
  const value = new Proxy(
    { model: '../../etc' },
    {
      ownKeys: () => {
        listed += 1;
        return ['model', ...names];
      },
      getOwnPropertyDescriptor: (target, name) => {
        read += 1;
        const found = Reflect.get(target, name) as unknown;
        return { value: found ?? 1, enumerable: true, configurable: true, writable: true };
      },
    },
  );
  const problems = inputProblems(RollbackInput, value);
  expect(problems).toHaveLength(100);
  expect(problems[0]).toMatchObject({ field: 'model', got: '../../etc' });
  // The loop itself queries proxies for every name; the product reads no more names than it keeps.
  expect(listed).toBeLessThanOrEqual(2);
  expect(read).toBeLessThan(1_000);
});

test('a value of 1.5 MB is shown by its first characters', () => {
  const failure = failureOf(() =>
    parseInput('rollback', RollbackInput, {
      model: 'x'.repeat(1_500_000),
      ['y'.repeat(1_500_000)]: 1,
    }),
  ) as CitibikeError;
  expect(failure.message.length).toBeLessThan(1_000);
  expect(JSON.stringify(failure.details).length).toBeLessThan(2_000);
});

test('schedules are checked by the same function', async () => {
  await expect(readSchedules()).resolves.toBeDefined();
  const [id, schedule] = Object.entries(yaml('schedules') as Record<string, object>)[0]!;
  const wrong = { [id]: { ...schedule, workflow: 'rollback', ...UNKNOWN } };
  expect(Value.Check(Schedules, wrong)).toBe(false);
  expect(inputProblems(Schedules, wrong)[0]).toMatchObject({
    field: `${id}.workflow`,
    wanted: "'monitoring' or 'forecast'",
  });
});

test('a file of schedules that cannot be read is named', async () => {
  await expect(readSchedules('/nowhere/schedules.yaml')).rejects.toThrow(/schedules in .*nowhere.*ENOENT/);
});

/** Reads a file of one schedule. */
async function readSchedule(schedule: object): Promise<unknown> {
  const folder = mkdtempSync(path.join(tmpdir(), 'schedules-'));
  const file = path.join(folder, 'schedules.yaml');
  writeFileSync(file, JSON.stringify({ mine: schedule }));
  try {
    return await readSchedules(file, { ids: async () => ['jc', 'nyc'] });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const EVERY = { hours: 3, offsetMinutes: 20 };

test('a schedule of an unknown system is rejected with the known ones', async () => {
  const schedule = { workflow: 'forecast', every: EVERY, input: { system: 'atlantis' } };
  await expect(readSchedule(schedule)).rejects.toThrow(
    /input of schedule mine is .*system: got "atlantis", expected one of jc, nyc/,
  );
  await expect(readSchedule({ ...schedule, input: { system: 'jc' } })).resolves.toBeDefined();
});

test.each([
  ['neither times nor an interval', {}, 'mine.calendar'],
  ['both', { every: EVERY, timezone: 'America/New_York' }, 'mine.timezone'],
  [
    'a calendar without days of catching up',
    { calendar: { dayOfMonth: 5, hour: 6, minute: 0 }, timezone: 'UTC' },
    'mine.catchupWindowDays',
  ],
])('a schedule with %s is rejected', async (_what, times, field) => {
  const schedule = { workflow: 'forecast', input: { system: 'nyc' }, ...times };
  await expect(readSchedule(schedule)).rejects.toThrow(`${field}: got`);
});

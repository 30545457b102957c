import { describe, expect, it } from 'vitest';
import { withSystems } from '../../../console/api/with-systems.ts';
import { STARTABLE_WORKFLOWS } from '../../../contracts/workflows/index.ts';
import { inputHelp } from '../../../client/input-help.ts';
import { TrainingInput } from '../../../contracts/workflows/training.ts';
import { parseInput } from '../../../contracts/parse-input.ts';
import {
  fieldsOf,
  filledFrom,
  inputOf,
  type JsonSchema,
} from '../../../console/web/src/schema-form/fields.ts';

/** Is the schema as the browser receives it. */
const schemaOf = (type: string) =>
  JSON.parse(JSON.stringify(STARTABLE_WORKFLOWS.get(type)!.input)) as JsonSchema;
const training = fieldsOf(schemaOf('training'));

describe('fieldsOf', () => {
  it('makes a choice of a union of constants', () => {
    expect(training.find(({ path }) => path[0] === 'rules')).toMatchObject({
      kind: 'choice',
      options: ['standard', 'all'],
      required: false,
      fallback: 'standard',
    });
  });

  it('makes a choice of the systems that the console knows', () => {
    const schema = withSystems(STARTABLE_WORKFLOWS.get('training')!.input, ['chicago', 'nyc']);
    expect(fieldsOf(schema as JsonSchema).find(({ path }) => path[0] === 'system')).toMatchObject({
      kind: 'choice',
      options: ['chicago', 'nyc'],
      fallback: 'nyc',
    });
  });

  it('has no field that only the workflow sets', () => {
    const names = fieldsOf(schemaOf('search')).map(({ path }) => path[0]);
    expect(names).toContain('trials');
    expect(names).not.toContain('resume');
    expect(inputHelp(STARTABLE_WORKFLOWS.get('search')!)).not.toContain('resume');
  });

  it('makes a group of an object, whose fields have the whole path', () => {
    const train = training.find(({ path }) => path[0] === 'train');
    expect(train).toMatchObject({ kind: 'group', required: true });
    expect(train?.kind === 'group' && train.fields.map(({ path }) => path.join('.'))).toEqual([
      'train.from',
      'train.to',
    ]);
  });
});

describe('inputOf', () => {
  const months = {
    'train.from': '2024-01',
    'train.to': '2024-12',
    'test.from': '2025-01',
    'test.to': '2025-03',
  };

  it('returns an input that the workflow accepts', () => {
    const { input, problems } = inputOf(training, {
      ...months,
      'hyperParameters.learningRate': '0.01',
      cache: 'false',
    });
    expect(problems).toEqual({});
    expect(parseInput('training', TrainingInput, input)).toMatchObject({
      train: { from: '2024-01', to: '2024-12' },
      hyperParameters: { learningRate: 0.01 },
      cache: false,
    });
  });

  it('names every required field that is empty', () => {
    expect(Object.keys(inputOf(fieldsOf(schemaOf('lifecycle')), {}).problems)).toEqual([
      'train.from',
      'train.to',
      'test.from',
      'test.to',
    ]);
  });

  it('does not require the fields of an empty optional group', () => {
    const { problems } = inputOf(training, months);
    expect(problems).toEqual({});
  });

  it.each([...STARTABLE_WORKFLOWS.values()].map(({ name, start }) => ({ name, start })))(
    'completes the form of $name with its example, so that its button Start works',
    ({ name, start }) => {
      const fields = fieldsOf(schemaOf(name));
      expect(inputOf(fields, filledFrom(fields, start.example)).problems).toEqual({});
    },
  );

  it('does not require a group inside an empty optional group', () => {
    const inner = { type: 'object', properties: { uri: { type: 'string' } }, required: ['uri'] };
    const outer = { type: 'object', properties: { inner }, required: ['inner'] };
    const fields = fieldsOf({ type: 'object', properties: { outer } });
    expect(inputOf(fields, {}).problems).toEqual({});
    expect(inputOf(fields, { 'outer.inner.uri': 'a' })).toEqual({
      input: { outer: { inner: { uri: 'a' } } },
      problems: {},
    });
  });

  it('requires the rest of an optional group with a value', () => {
    const monitoring = fieldsOf(schemaOf('monitoring'));
    expect(Object.keys(inputOf(monitoring, { 'current.from': '2025-01' }).problems)).toEqual(['current.to']);
  });

  it.each([
    ['train.from', '2024-13'],
    ['seed', '1.5'],
    ['hyperParameters.learningRate', '0'],
    ['hyperParameters.hidden', '3'],
  ])('rejects %s = %s at its field', (field, text) => {
    expect(Object.keys(inputOf(training, { ...months, [field]: text }).problems)).toEqual([field]);
  });
});

it('an input survives a round trip through the form', () => {
  const ingest = fieldsOf(schemaOf('ingest'));
  const input = {
    system: 'jc',
    from: '2024-01',
    to: '2024-03',
    also: [{ from: '2023-01', to: '2023-02' }],
    cache: false,
  };
  expect(inputOf(ingest, filledFrom(ingest, input))).toEqual({ input, problems: {} });
});

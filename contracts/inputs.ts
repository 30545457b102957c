/** Workflow inputs: one JSON object each, with defaults, checked at the start of the workflow and by the command line. */
import { Type, type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { CitibikeError } from './errors.ts';
import { ArtifactRef } from './artifact.ts';
import { Month, MonthSpan } from './months.ts';

export const System = Type.Union([Type.Literal('nyc'), Type.Literal('jc')], {
  default: 'nyc',
  description: "'nyc' or 'jc'",
});
export type System = Static<typeof System>;

export const RuleSet = Type.Union([Type.Literal('seed'), Type.Literal('all')], {
  default: 'seed',
  description: "'seed' or 'all'",
});
export type RuleSet = Static<typeof RuleSet>;

export const FeatureSetName = Type.Union([Type.Literal('seed'), Type.Literal('demand')], {
  default: 'demand',
  description: "'seed' or 'demand'",
});
export type FeatureSetName = Static<typeof FeatureSetName>;

const SourceUri = Type.String({
  pattern: '^(https?|s3|file)://.+',
  description: 'an address that starts with https://, http://, s3:// or file://',
});

/** Where raw data come from; what is left out comes from the settings TRIPS_SOURCE and WEATHER_SOURCE. */
const Sources = Type.Object(
  { trips: Type.Optional(SourceUri), weather: Type.Optional(SourceUri) },
  { additionalProperties: false },
);

const Fraction = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });
const Seed = Type.Integer({
  minimum: 0,
  maximum: 2 ** 31 - 1,
  default: 42,
  description: 'an integer from 0 to 2147483647',
});
const Flag = (fallback: boolean) => Type.Boolean({ default: fallback, description: 'true or false' });
const ModelName = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$',
  description: 'a registered model name: letters, digits, _ . -',
});

export const IngestInput = Type.Object(
  {
    system: System,
    from: Month,
    to: Month,
    /** Further spans of the same data set. */
    also: Type.Optional(Type.Array(MonthSpan, { maxItems: 8 })),
    source: Type.Optional(Sources),
    rules: RuleSet,
    /** Go on without the months that the source does not have, instead of failing by name. */
    allowMissing: Flag(false),
    /** Fail where the weather source has nothing of a year; otherwise its months are made, and a frame of them is refused later on. */
    requireWeather: Flag(false),
    /** Reuse artifacts already made from the same inputs. */
    cache: Flag(true),
  },
  { additionalProperties: false },
);
export type IngestInput = Static<typeof IngestInput>;

export const TrainingInput = Type.Object(
  {
    system: System,
    train: MonthSpan,
    test: MonthSpan,
    rules: RuleSet,
    /** Manifest of the months to use; left out: the newest data set of every month asked for. */
    dataset: Type.Optional(ArtifactRef),
    featureSet: FeatureSetName,
    seed: Seed,
    model: Type.Optional(ModelName),
    promotionThreshold: Type.Number({
      ...Fraction('a fraction from 0 to 1: by how much of its RMSE the champion must be beaten'),
      default: 0.1,
    }),
    cache: Flag(true),
  },
  { additionalProperties: false },
);
export type TrainingInput = Static<typeof TrainingInput>;

export const DeploymentInput = Type.Object(
  {
    model: Type.Optional(ModelName),
    alias: Type.String({ default: 'champion', minLength: 1, description: 'a registered model alias' }),
    /** Roll this version out instead of the alias'. */
    version: Type.Optional(
      Type.String({ pattern: '^[1-9]\\d*$', description: 'a model version number as a string' }),
    ),
  },
  { additionalProperties: false },
);
export type DeploymentInput = Static<typeof DeploymentInput>;

export const MonitoringInput = Type.Object(
  {
    system: System,
    /** Left out: the months a year before `current`. */
    reference: Type.Optional(MonthSpan),
    /** Left out, on a schedule only: the month before the scheduled time, New York. */
    current: Type.Optional(MonthSpan),
    rules: RuleSet,
    dataset: Type.Optional(ArtifactRef),
    source: Type.Optional(Sources),
    model: Type.Optional(ModelName),
    /** Start a training when the decision is to retrain. */
    retrain: Flag(false),
    cache: Flag(true),
  },
  { additionalProperties: false },
);
export type MonitoringInput = Static<typeof MonitoringInput>;

export const LifecycleInput = Type.Object(
  {
    system: System,
    train: MonthSpan,
    test: MonthSpan,
    /** Reference of the drift check; left out: the months a year before `test`. */
    reference: Type.Optional(MonthSpan),
    source: Type.Optional(Sources),
    rules: RuleSet,
    allowMissing: Flag(false),
    featureSet: FeatureSetName,
    seed: Seed,
    model: Type.Optional(ModelName),
    promotionThreshold: TrainingInput.properties.promotionThreshold,
    cache: Flag(true),
  },
  { additionalProperties: false },
);
export type LifecycleInput = Static<typeof LifecycleInput>;

/** Started by `training`, never by people: its fixed id `promotion-{model}` is the lock over the aliases. */
export const PromotionInput = Type.Object(
  {
    model: ModelName,
    version: Type.String({ pattern: '^[1-9]\\d*$', description: 'a model version number as a string' }),
    testFrame: ArtifactRef,
    threshold: TrainingInput.properties.promotionThreshold,
  },
  { additionalProperties: false },
);
export type PromotionInput = Static<typeof PromotionInput>;

export const INPUT_SCHEMAS = {
  lifecycle: LifecycleInput,
  ingest: IngestInput,
  training: TrainingInput,
  deployment: DeploymentInput,
  monitoring: MonitoringInput,
} as const;

/** One thing wrong with an input. */
export interface InputProblem {
  /** Dotted path of the field, `train.from`. */
  readonly field: string;
  readonly got: unknown;
  readonly wanted: string;
}

function schemaAt(schema: TSchema, path: readonly string[]): Record<string, unknown> {
  let here = schema as unknown as Record<string, unknown>;
  for (const part of path) {
    const properties = here['properties'] as Record<string, Record<string, unknown>> | undefined;
    const next = properties?.[part] ?? (here['items'] as Record<string, unknown> | undefined);
    if (!next) return here;
    here = next;
  }
  return here;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let here = value;
  for (const part of path) here = (here as Record<string, unknown> | undefined | null)?.[part];
  return here;
}

/** Everything wrong with `value`, one problem a field, in the order of the schema. */
export function inputProblems(schema: TSchema, value: unknown): InputProblem[] {
  const problems = new Map<string, InputProblem>();
  const add = (path: string[], wanted: string) => {
    const field = path.join('.') || '(the whole input)';
    if (!problems.has(field)) problems.set(field, { field, got: valueAt(value, path), wanted });
  };
  for (const error of Value.Errors(schema, value)) {
    const path = error.instancePath.split('/').slice(1);
    const params = error.params as { requiredProperties?: string[]; additionalProperties?: string[] };
    if (error.keyword === 'required') {
      for (const name of params.requiredProperties ?? []) {
        const wanted = schemaAt(schema, [...path, name])['description'];
        add([...path, name], typeof wanted === 'string' ? wanted : 'a value');
      }
    } else if (error.keyword === 'additionalProperties') {
      const known = Object.keys((schemaAt(schema, path)['properties'] as object | undefined) ?? {});
      for (const name of params.additionalProperties ?? []) {
        add([...path, name], `no such field; known here: ${known.join(', ')}`);
      }
    } else if (error.keyword !== 'anyOf' && error.keyword !== 'const' && error.keyword !== 'boolean') {
      const wanted = schemaAt(schema, path)['description'];
      add(path, typeof wanted === 'string' ? wanted : error.message);
    } else {
      const wanted = schemaAt(schema, path)['description'];
      if (typeof wanted === 'string') add(path, wanted);
    }
  }
  return [...problems.values()];
}

/** Prints a problem the way every surface does. */
export function describeProblem({ field, got, wanted }: InputProblem): string {
  const value = got === undefined ? 'nothing' : JSON.stringify(got);
  return `${field}: got ${value}, expected ${wanted}`;
}

/** What no schema says: spans in order, and no test month that the model was fitted on. */
function spanProblems(value: unknown): InputProblem[] {
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as Record<string, unknown>;
  const problems: InputProblem[] = [];
  const spans: [string, unknown][] = [
    ...['train', 'test', 'reference', 'current'].map((name): [string, unknown] => [name, fields[name]]),
    ['(from..to)', { from: fields['from'], to: fields['to'] }],
  ];
  for (const [field, span] of spans) {
    if (Value.Check(MonthSpan, span) && span.to < span.from) {
      problems.push({ field, got: span, wanted: 'a span whose `to` is not before its `from`' });
    }
  }
  const { train, test } = fields;
  if (
    Value.Check(MonthSpan, train) &&
    Value.Check(MonthSpan, test) &&
    test.from <= train.to &&
    test.to >= train.from
  ) {
    problems.push({ field: 'test', got: test, wanted: `months outside train (${train.from}..${train.to})` });
  }
  return problems;
}

/**
 * The input with its defaults filled in.
 * @throws CitibikeError INVALID_INPUT naming every wrong field, what it got and what it wants.
 */
export function parseInput<T extends TSchema>(what: string, schema: T, value: unknown): Static<T> {
  const filled = Value.Default(schema, structuredCloneJson(value ?? {}));
  const schemaProblems = inputProblems(schema, filled);
  const problems = schemaProblems.length > 0 ? schemaProblems : spanProblems(filled);
  if (problems.length > 0) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `input of ${what} is not valid: ${problems.map(describeProblem).join('; ')}`,
      { problems },
    );
  }
  return filled as Static<T>;
}

/** `structuredClone` does not exist in the workflow sandbox; inputs are JSON anyway. */
function structuredCloneJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/**
 * Checks inputs against their schemas, and describes each invalid field for people: the value and what was
 * expected.
 */
import type { Static, TSchema } from 'typebox';
import { Check } from 'typebox/schema';
import { CitibikeError } from './errors.ts';
import { MonthSpan } from './months.ts';
import { bytesOf, MOST_MESSAGE_BYTES } from './outgoing-text.ts';
import { departures } from './schema-problems.ts';
import { showName, showValue } from './show-value.ts';

/** Limits the number of problems kept per input. */
const MOST_PROBLEMS = 100;

const WHOLE_INPUT = '(the whole input)';

/** Represents one problem of an input. */
export interface InputProblem {
  /** Dotted path of the field, `train.from`. */
  readonly field: string;
  /** Value if it is short; otherwise its beginning. */
  readonly got: unknown;
  readonly wanted: string;
  /** Text of `got` as a message shows it. */
  readonly shown: string;
  /** Line of the file, if the input is one. */
  readonly line?: number | undefined;
}

/** Finds the line of a field in the file of an input. */
export type LineOf = (field: string) => number | undefined;

export function inputProblem(field: string, got: unknown, wanted: string): InputProblem {
  const shown = showValue(got);
  const isSmall = typeof got !== 'object' || !shown.includes('…');
  return { field, got: typeof got === 'string' ? showName(got) : isSmall ? got : shown, wanted, shown };
}

/**
 * Returns at most 100 problems of `value`, known fields first. The list is empty exactly when TypeBox's `Check`
 * accepts the value; an unexplained mismatch becomes one general problem.
 */
export function inputProblems(schema: TSchema, value: unknown): InputProblem[] {
  if (!hasTooManyFields(schema, value) && Check(schema, value)) return [];
  const problems = departures(schema, value, MOST_PROBLEMS).map(({ path, got, wanted }) =>
    inputProblem(path || WHOLE_INPUT, got, wanted),
  );
  return problems.length > 0 ? problems : [inputProblem(WHOLE_INPUT, value, 'a value that fits its schema')];
}

/**
 * Checks whether a value has more fields than a closed object knows. It stops at the first extra field, where
 * TypeBox's `Check` would list all fields twice.
 */
function hasTooManyFields(schema: TSchema, value: unknown): boolean {
  const { properties, patternProperties, additionalProperties } = schema as {
    properties?: object;
    patternProperties?: object;
    additionalProperties?: unknown;
  };
  if (additionalProperties !== false || patternProperties || typeof value !== 'object' || value === null)
    return false;
  let left = Object.keys(properties ?? {}).length;
  for (const name in value) {
    if (Object.hasOwn(value, name)) left -= 1;
    if (left < 0) return true;
  }
  return false;
}

/**
 * Asserts that `value` fits its schema. All inputs of workflows, commands, requests, schedules and rule files
 * pass this check.
 * @param what start of the message, such as `drift rules in drift.yaml are`.
 * @param beyond returns problems that no schema expresses; called only if the value fits the schema.
 * @param lineOf finds the lines of fields, if the value is the content of a file.
 * @throws CitibikeError INVALID_INPUT that names the invalid fields, their values and what was expected.
 */
export function assertFits<T extends TSchema>(
  what: string,
  schema: T,
  value: unknown,
  beyond: (value: Static<T>) => readonly InputProblem[] = () => [],
  facts: Readonly<Record<string, unknown>> = {},
  lineOf?: LineOf,
): asserts value is Static<T> {
  const wrong = inputProblems(schema, value);
  const problems = wrong.length > 0 ? wrong : beyond(value as Static<T>);
  assertNoProblems(
    what,
    lineOf ? problems.map((problem) => ({ ...problem, line: lineOf(problem.field) })) : problems,
    facts,
  );
}

/** Asserts that the list of problems is empty. @throws CitibikeError INVALID_INPUT that names them. */
export function assertNoProblems(
  what: string,
  problems: readonly InputProblem[],
  facts: Readonly<Record<string, unknown>> = {},
): void {
  if (problems.length === 0) return;
  throw new CitibikeError('INVALID_INPUT', `${what} not valid: ${listOf(problems)}`, { ...facts, problems });
}

/** Joins as many problems as fit into a message. */
function listOf(problems: readonly InputProblem[]): string {
  let text = '';
  for (const [i, problem] of problems.entries()) {
    const next = `${i === 0 ? '' : '; '}${describeProblem(problem)}`;
    if (i > 0 && bytesOf(text) + bytesOf(next) > MOST_MESSAGE_BYTES - 200)
      return `${text}; and ${problems.length - i} more`;
    text += next;
  }
  return text;
}

/** Prints a problem the way every surface does. */
export function describeProblem({ field, line, shown, wanted }: InputProblem): string {
  return `${line === undefined ? '' : `line ${line}, `}${field}: got ${shown}, expected ${wanted}`;
}

/** Checks rules that no schema expresses: order of spans, test months outside training, and needs of promotion rules. */
export function spanProblems(value: unknown): InputProblem[] {
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as Record<string, unknown>;
  const problems: InputProblem[] = [];
  const add = (field: string, got: unknown, wanted: string) =>
    problems.push(inputProblem(field, got, wanted));
  const spans: [string, unknown][] = [
    ...['train', 'test', 'reference', 'current'].map((name): [string, unknown] => [name, fields[name]]),
    ['(from..to)', { from: fields['from'], to: fields['to'] }],
  ];
  for (const [field, span] of spans) {
    if (Check(MonthSpan, span) && span.to < span.from)
      add(field, span, 'a span whose `to` is not before its `from`');
  }
  const { train, test } = fields;
  if (Check(MonthSpan, train) && Check(MonthSpan, test) && test.from <= train.to && test.to >= train.from) {
    add('test', test, `months outside train (${train.from}..${train.to})`);
  }
  const { promotionRule } = fields;
  if (promotionRule !== undefined && promotionRule !== 'refit' && test === undefined)
    add('test', undefined, 'a span of months, both ends inclusive');
  if (promotionRule === 'refit' && fields['refitOf'] === undefined)
    add('refitOf', undefined, 'the promoted version that this training repeats');
  const compares = fields['rule'] === 'threshold' || fields['rule'] === 'non-inferiority';
  if (compares && fields['testFrame'] === undefined) add('testFrame', undefined, 'the hours to compare on');
  return problems;
}

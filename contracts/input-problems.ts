/** What is wrong with an input, field by field, for people: what it got and what it wants. */
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { MonthSpan } from './months.ts';

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

/** What no schema says: spans in order, no test month that the model was fitted on, and what a rule of promotion needs. */
export function spanProblems(value: unknown): InputProblem[] {
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
  const { promotionRule } = fields;
  if (promotionRule !== undefined && promotionRule !== 'heir' && test === undefined) {
    problems.push({ field: 'test', got: undefined, wanted: 'a span of months, both ends inclusive' });
  }
  if (promotionRule === 'heir' && fields['heirOf'] === undefined) {
    problems.push({ field: 'heirOf', got: undefined, wanted: 'the version whose heir this training makes' });
  }
  const compares = fields['rule'] === 'threshold' || fields['rule'] === 'non-inferiority';
  if (compares && fields['testFrame'] === undefined) {
    problems.push({ field: 'testFrame', got: undefined, wanted: 'the hours to compare on' });
  }
  return problems;
}

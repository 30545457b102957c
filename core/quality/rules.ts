/** Defines the rules of the quality gate in inputs/quality.yaml: bounds for each check, per system. */
import { Type, type Static } from 'typebox';
import { assertFits, inputProblem, type InputProblem } from '../../contracts/input-problems.ts';
import type { KnownCategories } from './check.ts';
import { CHECK_NAMES, type CheckName } from './checks.ts';
import type { System } from '../../contracts/options.ts';

export const Bounds = Type.Object(
  {
    min: Type.Optional(Type.Number({ description: 'a number' })),
    max: Type.Optional(Type.Number({ description: 'a number' })),
  },
  { additionalProperties: false, minProperties: 1, description: 'min, max or both' },
);
/** Inclusive bounds: a value that equals a bound passes. */
export type Bounds = Static<typeof Bounds>;

const QualityRule = Type.Object(
  { warn: Type.Optional(Bounds), fail: Type.Optional(Bounds) },
  { additionalProperties: false, description: 'bounds to warn and to fail beyond' },
);
type QualityRule = Static<typeof QualityRule>;

export type SystemRules = Readonly<Partial<Record<CheckName, QualityRule>>>;

const SystemRulesSchema = Type.Object(
  Object.fromEntries(CHECK_NAMES.map((name) => [name, Type.Optional(QualityRule)])),
  { additionalProperties: false },
);

const Names = Type.Array(Type.String(), { description: 'a list of names' });
const KnownCategoriesSchema = Type.Object(
  { memberTypes: Names, bikeTypes: Names },
  { additionalProperties: false, description: 'the lists memberTypes and bikeTypes' },
);

export const QualityRulesSchema = Type.Object(
  {
    known: KnownCategoriesSchema,
    nyc: SystemRulesSchema,
    jc: SystemRulesSchema,
    synthetic: SystemRulesSchema,
  },
  { additionalProperties: false },
);

export interface QualityRules extends Readonly<Record<System, SystemRules>> {
  readonly known: KnownCategories;
  /** Rules for months of the synthetic system, which override the rules of the system with the same name. */
  readonly synthetic: SystemRules;
}

export function rulesFor(rules: QualityRules, system: System, synthetic: boolean): SystemRules {
  return synthetic ? { ...rules[system], ...rules.synthetic } : rules[system];
}

/**
 * Validates the rules.
 * @param file name of the file for messages.
 * @throws CitibikeError INVALID_INPUT naming every invalid field, and rules that fail before they warn.
 */
export function parseQualityRules(file: string, content: unknown): QualityRules {
  assertFits(`quality rules in ${file} are`, QualityRulesSchema, content, contradictions, { file });
  return content;
}

const INSIDE = 'a fail bound inside the warn bound';

function contradictions(rules: Static<typeof QualityRulesSchema>): InputProblem[] {
  return (['nyc', 'jc', 'synthetic'] as const).flatMap((system) =>
    Object.entries(rules[system]).flatMap(([name, rule]) => {
      const { warn, fail } = rule as QualityRule;
      return (warn?.max ?? -Infinity) > (fail?.max ?? Infinity) ||
        (warn?.min ?? Infinity) < (fail?.min ?? -Infinity)
        ? [{ ...inputProblem(`${system}.${name}`, rule, 'it at or beyond'), shown: INSIDE }]
        : [];
    }),
  );
}

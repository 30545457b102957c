/** Defines the rules of the quality gate: the bounds of inputs/quality.yaml for each check, and those of a system that replace them. */
import { Type, type Static } from 'typebox';
import { assertFits, inputProblem, type InputProblem, type LineOf } from '../../contracts/input-problems.ts';
import type { KnownCategories } from './check.ts';
import { CHECK_NAMES, type CheckName } from './checks.ts';
import type { SystemFacts } from '../../contracts/systems.ts';

export const Bounds = Type.Object(
  {
    min: Type.Optional(Type.Number({ description: 'a number' })),
    max: Type.Optional(Type.Number({ description: 'a number' })),
  },
  { additionalProperties: false, minProperties: 1, description: 'min, max or both' },
);
/** Represents inclusive bounds: a value that equals a bound passes. */
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
    shared: SystemRulesSchema,
    synthetic: SystemRulesSchema,
  },
  { additionalProperties: false },
);

export interface QualityRules {
  readonly known: KnownCategories;
  /** Rules of every system. The facts of a system override them. */
  readonly shared: SystemRules;
  /** Rules for months of synthetic systems, which override those of the system. */
  readonly synthetic: SystemRules;
}

/** Returns the rules for months of a system. @throws as `ownRulesOf`. */
export function rulesFor(
  { shared, synthetic }: QualityRules,
  facts: Pick<SystemFacts, 'id' | 'quality'>,
  isSynthetic: boolean,
): SystemRules {
  return { ...shared, ...ownRulesOf(facts), ...(isSynthetic ? synthetic : {}) };
}

/**
 * Returns the rules in the facts of a system.
 * @throws CitibikeError INVALID_INPUT naming unknown checks, invalid bounds, and rules that fail before they warn.
 */
export function ownRulesOf({ id, quality = {} }: Pick<SystemFacts, 'id' | 'quality'>): SystemRules {
  const what = `the quality rules of system ${id} are`;
  assertFits(what, SystemRulesSchema, quality, (rules) => contradictionsIn('quality', rules), { system: id });
  return quality;
}

/**
 * Validates the rules.
 * @param file name of the file for messages.
 * @param lineOf finds the line of a field in it.
 * @throws CitibikeError INVALID_INPUT naming every invalid field, and rules that fail before they warn.
 */
export function parseQualityRules(file: string, content: unknown, lineOf?: LineOf): QualityRules {
  assertFits(`quality rules in ${file} are`, QualityRulesSchema, content, contradictions, { file }, lineOf);
  return content;
}

const INSIDE = 'a fail bound inside the warn bound';

function contradictions(rules: Static<typeof QualityRulesSchema>): InputProblem[] {
  return (['shared', 'synthetic'] as const).flatMap((part) => contradictionsIn(part, rules[part]));
}

function contradictionsIn(part: string, rules: SystemRules): InputProblem[] {
  return Object.entries(rules).flatMap(([name, { warn, fail }]) =>
    (warn?.max ?? -Infinity) > (fail?.max ?? Infinity) || (warn?.min ?? Infinity) < (fail?.min ?? -Infinity)
      ? [{ ...inputProblem(`${part}.${name}`, rules[name as CheckName], 'it at or beyond'), shown: INSIDE }]
      : [],
  );
}

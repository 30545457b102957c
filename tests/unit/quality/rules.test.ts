import { describe, expect, it } from 'vitest';
import { ownRulesOf, parseQualityRules, rulesFor } from '../../../core/quality/rules.ts';
import { shippedRules } from './hand-made-month.ts';
import { JC, NYC } from '../../fixtures/shipped-systems.ts';

const minimal = { known: { memberTypes: [], bikeTypes: [] }, shared: {}, synthetic: {} };

describe('quality rules', () => {
  it('accept a file without bounds', () => {
    expect(parseQualityRules('q.yaml', minimal)).toEqual(minimal);
  });

  it('name an unknown check, and the known ones', () => {
    expect(() =>
      parseQualityRules('q.yaml', { ...minimal, shared: { tripz: { warn: { max: 1 } } } }),
    ).toThrow(/q\.yaml are not valid: shared\.tripz: got .*no such field; known here: unaccounted_rows, /);
  });

  it('name a bound that is not a number', () => {
    expect(() =>
      parseQualityRules('q.yaml', { ...minimal, shared: { trips: { warn: { max: 'many' } } } }),
    ).toThrow(/shared\.trips\.warn\.max: got "many", expected a number/);
  });

  it('reject a rule that fails before it warns', () => {
    const shared = { rejected_share: { warn: { max: 0.5 }, fail: { max: 0.1 } } };
    expect(() => parseQualityRules('q.yaml', { ...minimal, shared })).toThrow(
      /shared\.rejected_share: got a fail bound inside/,
    );
  });

  it('have separate bounds for synthetic months', () => {
    expect(rulesFor(shippedRules, NYC, false).trips?.fail?.min).toBe(10_000);
    expect(rulesFor(shippedRules, NYC, true).trips?.fail?.min).toBe(100);
    expect(rulesFor(shippedRules, JC, false).trips?.fail?.min).toBe(100);
    expect(rulesFor(shippedRules, NYC, true).unaccounted_rows).toEqual({ fail: { max: 0 } });
  });
  it.each([
    [{ tripz: {} }, /system city are not valid: tripz: .*no such field; known here: unaccounted_rows/],
    [{ trips: { warn: { max: 2 }, fail: { max: 1 } } }, /quality\.trips: got a fail bound inside/],
  ])('of a system are checked: %j', (quality, why) => {
    expect(() => ownRulesOf({ id: 'city', quality })).toThrow(why);
  });
});

import { describe, expect, it } from 'vitest';
import { parseQualityRules, rulesFor } from '../../../core/quality/rules.ts';
import { shippedRules } from './hand-made-month.ts';

const minimal = { known: { memberTypes: [], bikeTypes: [] }, nyc: {}, jc: {}, synthetic: {} };

describe('quality rules', () => {
  it('accept a file without bounds', () => {
    expect(parseQualityRules('q.yaml', minimal)).toEqual(minimal);
  });

  it('name an unknown check, and the known ones', () => {
    expect(() => parseQualityRules('q.yaml', { ...minimal, jc: { tripz: { warn: { max: 1 } } } })).toThrow(
      /q\.yaml are not valid: jc\.tripz: got .*no such field; known here: unaccounted_rows, /,
    );
  });

  it('name a bound that is not a number', () => {
    expect(() =>
      parseQualityRules('q.yaml', { ...minimal, jc: { trips: { warn: { max: 'many' } } } }),
    ).toThrow(/jc\.trips\.warn\.max: got "many", expected a number/);
  });

  it('reject a rule that fails before it warns', () => {
    const jc = { rejected_share: { warn: { max: 0.5 }, fail: { max: 0.1 } } };
    expect(() => parseQualityRules('q.yaml', { ...minimal, jc })).toThrow(
      /jc\.rejected_share: got a fail bound inside/,
    );
  });

  it('have separate bounds for synthetic months', () => {
    expect(rulesFor(shippedRules, 'nyc', false).trips?.fail?.min).toBe(10_000);
    expect(rulesFor(shippedRules, 'nyc', true).trips?.fail?.min).toBe(100);
    expect(rulesFor(shippedRules, 'nyc', true).unaccounted_rows).toEqual({ fail: { max: 0 } });
  });
});

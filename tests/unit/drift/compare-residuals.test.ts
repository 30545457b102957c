import { describe, expect, it } from 'vitest';
import type { HourResidual } from '../../../core/drift/residuals/hour-residual.ts';
import { rowsByWeek } from '../../../core/drift/rows-by-week.ts';
import { compareResiduals, type ResidualWeek } from '../../../core/drift/residuals/compare-residuals.ts';
import { FIXED_RULES } from './fixed-rules.ts';
import { madeUpHours } from './made-up-year.ts';
import { FORMER_PLACE } from '../../../contracts/former-place.ts';

const { likeWithLike: rules } = FIXED_RULES;
const year = madeUpHours('2024-01-01', 52);
const weeks = rowsByWeek(year.map(({ date }) => date)).map(({ rows }) => rows.map((i) => year[i]!));

type Change = (hour: HourResidual) => HourResidual;
const scaled =
  (factor: number): Change =>
  (hour) => ({ ...hour, actual: Math.round(hour.actual! * factor) });
/** Compares the week with all others. */
const judged = (week: readonly HourResidual[], change: Change = (hour) => hour): ResidualWeek =>
  compareResiduals({ reference: year, current: week.map(change), rules, place: FORMER_PLACE }).weeks[0]!;
const kindsOf = ({ findings }: ResidualWeek) => findings.map(({ kind }) => kind);
const usual = weeks[28]!;
const rainOf = (week: readonly HourResidual[]) => Math.max(...week.map(({ PRCP }) => PRCP!));
const rainy = weeks.toSorted((a, b) => rainOf(b) - rainOf(a))[10]!;

describe('each third week of a year, compared with all others', () => {
  const some = weeks.filter((_, i) => i % 3 === 0);

  it('alarms in at most one of 18 when nothing has happened', () => {
    expect(some.filter((week) => judged(week).alarm).length).toBeLessThanOrEqual(1);
  });

  it('detects a fifth more trips in at least 16 of 18, by the same rules', () => {
    expect(some.filter((week) => judged(week, scaled(1.2)).alarm).length).toBeGreaterThanOrEqual(16);
  });
});

describe('a week has a finding for', () => {
  it('a level shift, with its size', () => {
    const { findings, level } = judged(usual, scaled(1.4));
    expect(findings.map(({ kind }) => kind)).toEqual(['level_shift']);
    expect(Math.exp(level! - judged(usual).level!)).toBeCloseTo(1.4, 2);
    expect(findings[0]!.text).toMatch(
      /^are \d+ % above what season and weather explain, with an alarm from \d+ %/,
    );
  });

  it('a lost group of stations, when a quarter of the trips is missing at all hours', () => {
    expect(kindsOf(judged(usual, scaled(0.75)))).toEqual(['lost_station_group']);
  });

  it('hours with an unusual share of trips', () => {
    const quietMornings = (hour: HourResidual) =>
      hour.hour >= 6 && hour.hour <= 9 ? scaled(0.6)(hour) : hour;
    const { findings } = judged(usual, quietMornings);
    expect(findings.map(({ kind }) => kind)).toEqual(['hours_shift']);
    expect(findings[0]!.text).toMatch(/6–9 h −\d\d %/);
  });

  it.for(['TMAX', 'TMIN', 'AWND'] as const)('a stuck sensor of %s', (column) => {
    const { findings } = judged(usual, (hour) => ({ ...hour, [column]: usual[0]![column] }));
    const value = usual[0]![column]!;
    expect(findings).toMatchObject([{ kind: 'stuck_sensor', column }]);
    expect(findings[0]!.text).toMatch(new RegExp(`^is ${value} on 7 days in a row`));
  });

  it('trips of Monday that repeat on Tuesday', () => {
    const repeated = usual.map((hour, i) =>
      i >= 24 && i < 48 ? { ...hour, actual: usual[i - 24]!.actual } : hour,
    );
    const { findings } = judged(repeated);
    expect(findings).toMatchObject([{ kind: 'repeated_trips' }]);
    expect(findings[0]!.text).toBe('of 2024-07-16 repeat those of 2024-07-15: the data were copied');
  });

  it('a stuck count of trips', () => {
    const stuck = usual.map((hour, i) => (i < 140 ? hour : { ...hour, actual: usual[139]!.actual }));
    expect(judged(stuck).findings).toMatchObject([{ kind: 'repeated_trips', column: 'trips' }]);
  });

  it.for([
    ['TMAX', '°C', (value: number) => (value - 32) / 1.8],
    ['AWND', 'm/s', (value: number) => value * 0.44704],
    ['PRCP', 'mm', (value: number) => value * 25.4],
  ] as const)('%s in %s', ([column, unit, convert]) => {
    const { findings } = judged(rainy, (hour) => ({ ...hour, [column]: convert(hour[column]!) }));
    expect(findings).toMatchObject([{ kind: 'changed_unit', column }]);
    expect(findings[0]!.text).toContain(`fits reference in ${unit}, but not in`);
  });
});

describe('snow on the ground, after a winter with at most 3 inches of it,', () => {
  const depthOf = ({ date }: HourResidual) => (date < '2024-01-22' ? Number(date.slice(8)) % 4 : 0);
  const mild = year.map((hour) => ({ ...hour, SNWD: depthOf(hour) }));
  const withDepth = (week: number, depth: (hour: HourResidual) => number) =>
    compareResiduals({
      reference: mild,
      current: weeks[week]!.map((hour) => ({ ...hour, SNWD: depth(hour) })),
      rules,
      place: FORMER_PLACE,
    }).weeks[0]!.findings.filter(({ column }) => column === 'SNWD');

  it.for([6, 14, 29])('that reaches %i inches is a winter with much snow', (depth) => {
    expect(withDepth(1, ({ date }) => depth - (Number(date.slice(9)) % 3))).toEqual([]);
  });

  it('that is in mm has changed its unit', () => {
    const [finding] = withDepth(1, (hour) => 25.4 * depthOf(hour));
    expect(finding).toMatchObject({ kind: 'changed_unit', column: 'SNWD' });
    expect(finding!.text).toContain('fits reference in mm, but not in inches');
  });
});

describe('a comparison is not judged', () => {
  it('for a week of three hours, and says so', () => {
    const { findings, level, alarm } = judged(usual.slice(0, 3), scaled(3));
    expect({ level, alarm }).toEqual({ level: null, alarm: false });
    expect(findings[0]!.text).toBe('only 3 hours have trips, expected at least 72');
  });

  it('while trips are not published, but the weather is checked', () => {
    const week = judged(usual, (hour) => ({ ...hour, actual: null, TMAX: 80 }));
    expect(kindsOf(week)).toEqual(['stuck_sensor', 'not_judged']);
    expect(week.coverage).toBeNull();
  });

  it('against a month of reference', () => {
    const { weeks: judged } = compareResiduals({
      reference: year.slice(0, 28 * 24),
      current: usual,
      rules,
      place: FORMER_PLACE,
    });
    expect(judged[0]!.findings.at(-1)!.text).toBe(
      'reference has fewer than 8 weeks, too few to estimate their spread',
    );
  });

  it('without weeks in an empty current', () => {
    expect(compareResiduals({ reference: year, current: [], rules, place: FORMER_PLACE })).toMatchObject({
      weeks: [],
      cusum: { before: { weeks: 0 }, steps: [], alarm: null },
    });
  });
});

describe('the comparison over weeks', () => {
  const next = madeUpHours('2024-12-30', 13, 77);

  it('does not alarm in a quarter that is like the year', () => {
    const { weeks: judged, cusum } = compareResiduals({
      reference: year,
      current: next,
      rules,
      place: FORMER_PLACE,
    });
    expect(judged.filter(({ alarm }) => alarm).length).toBeLessThanOrEqual(1);
    expect(cusum.alarm).toBeNull();
  });

  it('detects a change of 6 % that no single week shows', () => {
    const { weeks: judged, cusum } = compareResiduals({
      ...{ reference: year, rules, place: FORMER_PLACE },
      current: next.map(scaled(1.06)),
    });
    expect(judged.filter(({ alarm }) => alarm).length).toBeLessThanOrEqual(3);
    expect(cusum.alarm).toMatchObject({ direction: 'up' });
  });

  it('detects over months, checked one by one, a change that no single month shows', () => {
    const months = [0, 4, 8].map((from) => next.slice(from * 168, (from + 4) * 168).map(scaled(1.025)));
    const alone = months.map(
      (current) => compareResiduals({ reference: year, current, rules, place: FORMER_PLACE }).cusum.alarm,
    );
    expect(alone).toEqual([null, null, null]);
    let earlier: ResidualWeek[] = [];
    const alarms = months.map((current) => {
      const { weeks, cusum } = compareResiduals({
        reference: year,
        current,
        earlier,
        rules,
        place: FORMER_PLACE,
      });
      earlier = [...earlier, ...weeks];
      return cusum.alarm;
    });
    expect(alarms.filter((alarm) => alarm?.direction === 'up').length).toBeGreaterThan(0);
  });

  it('ignores a week that departs as it did a year before', () => {
    const festival = (hours: readonly HourResidual[], week: number) =>
      hours.map((hour, i) => (Math.floor(i / 168) === week ? scaled(0.7)(hour) : hour));
    const [before, now] = [festival(year, 9), festival(next, 9)];
    const week = compareResiduals({ reference: before, current: now, rules, place: FORMER_PLACE }).weeks[9]!;
    expect(week).toMatchObject({ week: '2025-W10', asYearBefore: true, alarm: false, z: 0 });
    const fresh = compareResiduals({ reference: year, current: now, rules, place: FORMER_PLACE }).weeks[9]!;
    expect(fresh).toMatchObject({ asYearBefore: false, alarm: true });
  });

  it('rejects a reference that the model was fitted on', () => {
    const [first, ...rest] = year;
    expect(() =>
      compareResiduals({
        reference: [{ ...first!, outOfFold: false }, ...rest],
        current: next,
        rules,
        place: FORMER_PLACE,
      }),
    ).toThrow('2024-01-01 0:00 has a prediction of a model that was trained on this hour');
  });
});

/** Applies faults of one week to real hours. */
import type { WeatherColumn } from '../../../contracts/weather-columns.ts';
import type { HourResidual } from '../../../core/drift/residuals/hour-residual.ts';
import type { WeekFindingKind } from '../../../core/drift/residuals/week-finding.ts';

export interface Change {
  readonly name: string;
  /** Finding that names the change; by default any finding about demand. */
  readonly named?: WeekFindingKind;
  readonly apply: (week: readonly HourResidual[]) => HourResidual[];
  /** Returns true if the change is visible in the week; a week without rain looks the same in any unit. The default is true. */
  readonly shows?: (week: readonly HourResidual[]) => boolean;
}

export const LEVEL_SHIFT: Change = { name: '+20 % of trips', apply: trips(() => 1.2) };

const COMMUTE = [7, 8, 9, 17, 18];

export const CHANGES: readonly Change[] = [
  { name: '−15 % of trips at all hours', named: 'lost_station_group', apply: trips(() => 0.85) },
  { name: '−20 % of trips at all hours', named: 'lost_station_group', apply: trips(() => 0.8) },
  { name: '−30 % of trips at all hours', named: 'lost_station_group', apply: trips(() => 0.7) },
  {
    name: '−35 % of trips at commuting hours',
    named: 'hours_shift',
    apply: trips(({ hour }) => (COMMUTE.includes(hour) ? 0.65 : 1)),
  },
  ...(['TMAX', 'TMIN', 'AWND'] as const).map((column): Change => ({
    name: `${column} stuck at Monday's value`,
    named: 'stuck_sensor',
    apply: (week) => week.map((hour) => ({ ...hour, [column]: week[0]![column] })),
  })),
  { name: "every day's trips those of Monday", named: 'repeated_trips', apply: mondayRepeated },
  {
    name: 'trips stuck from Wednesday noon on',
    named: 'repeated_trips',
    apply: (week) => week.map((hour, i) => (i < 60 ? hour : { ...hour, actual: week[60]!.actual })),
  },
  unit('TMAX and TMIN in °C', ['TMAX', 'TMIN'], (value) => (value - 32) / 1.8),
  unit('TMAX and TMIN in whole °C', ['TMAX', 'TMIN'], (value) => Math.round((value - 32) / 1.8)),
  unit('AWND in m/s', ['AWND'], (value) => value * 0.44704),
  unit('PRCP, SNOW and SNWD in mm', ['PRCP', 'SNOW', 'SNWD'], (value) => value * 25.4),
];

function trips(factor: (hour: HourResidual) => number): Change['apply'] {
  return (week) =>
    week.map((hour) => ({
      ...hour,
      actual: hour.actual === null ? null : Math.round(hour.actual * factor(hour)),
    }));
}

function mondayRepeated(week: readonly HourResidual[]): HourResidual[] {
  const monday = new Map(
    week.filter(({ date }) => date === week[0]!.date).map((hour) => [hour.hour, hour.actual]),
  );
  return week.map((hour) => ({ ...hour, actual: monday.get(hour.hour) ?? hour.actual }));
}

/** Returns true if there is a value other than 0 to convert. */
function unit(name: string, columns: readonly WeatherColumn[], convert: (value: number) => number): Change {
  const of = (hour: HourResidual) =>
    Object.fromEntries(
      columns.map((column) => [column, typeof hour[column] === 'number' ? convert(hour[column]) : null]),
    );
  return {
    name,
    named: 'changed_unit',
    apply: (week) => week.map((hour) => ({ ...hour, ...of(hour) })),
    shows: (week) => week.some((hour) => columns.some((column) => (hour[column] ?? 0) !== 0)),
  };
}

/**
 * Computes public holidays by rule. The day itself and its observed day both count, because both change demand. Sources: 5 U.S.C.
 * 6103; Massachusetts General Laws ch. 4 § 7; District of Columbia Code § 1-612.02; Illinois Department of Central Management
 * Services, State Holidays; California Government Code §§ 6701 and 19853.
 */
import { dateOfEpochDay, epochDay, nthWeekday, weekdayOf, yearOf } from '../../contracts/calendar.ts';
import type { HolidayCalendar } from '../../contracts/systems.ts';

const [MONDAY, THURSDAY, SATURDAY, SUNDAY] = [0, 3, 5, 6] as const;

/** Returns the day of a holiday in a year since 1970-01-01, or null if the year has none. */
type DayOfYear = (year: number) => number | null;

const on =
  (month: number, dayOfMonth: number): DayOfYear =>
  (year) =>
    epochDay(year, month, dayOfMonth);

const nth =
  (month: number, count: number, weekday: number, later = 0): DayOfYear =>
  (year) =>
    nthWeekday(year, month, count, weekday) + later;

const lastMonday =
  (month: number): DayOfYear =>
  (year) => {
    const last = epochDay(year, month + 1, 0);
    return last - weekdayOf(last);
  };

/** Keeps the years that are a multiple of `every` plus `rest`. */
const years =
  (every: number, rest: number, day: DayOfYear): DayOfYear =>
  (year) =>
    year % every === rest ? day(year) : null;

/** Returns the day on which a holiday is observed. */
type Observance = (day: number) => number;

const onMondayAfterSunday: Observance = (day) => (weekdayOf(day) === SUNDAY ? day + 1 : day);
const onNearestWorkday: Observance = (day) =>
  weekdayOf(day) === SATURDAY ? day - 1 : onMondayAfterSunday(day);

const OBSERVANCE: Readonly<Record<HolidayCalendar, Observance>> = {
  'us-federal': onNearestWorkday,
  massachusetts: onMondayAfterSunday,
  'district-of-columbia': onNearestWorkday,
  illinois: onNearestWorkday,
  california: onMondayAfterSunday,
};

/** Represents the first year of a holiday in each calendar that has it. */
type Since = Readonly<Partial<Record<HolidayCalendar, number>>>;

/** Stands for holidays that are older than bike-share systems, whose exact year does not matter. */
const OLD = 0;
const OUTSIDE_CALIFORNIA: Since = {
  'us-federal': OLD,
  massachusetts: OLD,
  'district-of-columbia': OLD,
  illinois: OLD,
};
const EVERYWHERE: Since = { ...OUTSIDE_CALIFORNIA, california: OLD };

interface Holiday {
  readonly day: DayOfYear;
  readonly since: Since;
  /** Observance, if it differs from that of the calendar. */
  readonly observance?: Observance;
}

/**
 * Lists every holiday with its first year by calendar. Left out on purpose: Evacuation Day and Bunker Hill Day, on which offices of
 * Massachusetts are open; Casimir Pulaski Day, which is no day off of Illinois; and California's Lincoln Day, Admission Day, Native
 * American Day, Juneteenth and Columbus Day, on which its offices are open.
 */
const HOLIDAYS: readonly Holiday[] = [
  { day: on(1, 1), since: EVERYWHERE }, // New Year
  { day: nth(1, 3, MONDAY), since: EVERYWHERE }, // Martin Luther King
  { day: years(4, 1, on(1, 20)), since: { 'district-of-columbia': OLD }, observance: onMondayAfterSunday }, // Inauguration
  { day: on(2, 12), since: { illinois: OLD } }, // Lincoln
  { day: nth(2, 3, MONDAY), since: EVERYWHERE }, // Washington
  { day: on(3, 31), since: { california: OLD } }, // Cesar Chavez
  { day: nth(4, 3, MONDAY), since: { massachusetts: OLD } }, // Patriots
  { day: on(4, 16), since: { 'district-of-columbia': OLD } }, // Emancipation
  { day: lastMonday(5), since: EVERYWHERE }, // Memorial
  {
    day: on(6, 19), // Juneteenth: Public Law 117-17 of June 2021; Illinois Public Act 102-14, in force since 2022
    since: { 'us-federal': 2021, massachusetts: 2021, 'district-of-columbia': 2021, illinois: 2022 },
  },
  { day: on(7, 4), since: EVERYWHERE }, // Independence
  { day: nth(9, 1, MONDAY), since: EVERYWHERE }, // Labor
  { day: nth(10, 2, MONDAY), since: OUTSIDE_CALIFORNIA }, // Columbus
  { day: years(2, 0, nth(11, 1, MONDAY, 1)), since: { illinois: OLD } }, // General Election
  { day: on(11, 11), since: OUTSIDE_CALIFORNIA }, // Veterans
  { day: on(11, 11), since: { california: OLD }, observance: onNearestWorkday }, // Veterans
  { day: nth(11, 4, THURSDAY), since: EVERYWHERE }, // Thanksgiving
  { day: nth(11, 4, THURSDAY, 1), since: { illinois: OLD, california: OLD } }, // Day after Thanksgiving
  { day: on(12, 25), since: EVERYWHERE }, // Christmas
];

const byYear = new Map<HolidayCalendar, Map<number, ReadonlySet<number>>>();
/** Bounds the cached years of a calendar. */
const MOST_YEARS = 256;

/** Returns every holiday of a year and its observed day, as days since 1970-01-01. */
function holidaysOf(calendar: HolidayCalendar, year: number): ReadonlySet<number> {
  let known = byYear.get(calendar);
  if (!known) byYear.set(calendar, (known = new Map<number, ReadonlySet<number>>()));
  let days = known.get(year);
  if (!days) {
    if (known.size >= MOST_YEARS) known.clear();
    days = computeHolidays(calendar, year);
    known.set(year, days);
  }
  return days;
}

function computeHolidays(calendar: HolidayCalendar, year: number): ReadonlySet<number> {
  const [first, last] = [epochDay(year, 1, 1), epochDay(year, 12, 31)];
  // A New Year on a Saturday is observed on 31 December of the year before.
  const days = [year, year + 1].flatMap((each) =>
    HOLIDAYS.flatMap(({ day, since, observance = OBSERVANCE[calendar] }) => {
      const begun = since[calendar];
      const legal = begun !== undefined && each >= begun ? day(each) : null;
      return legal === null ? [] : [legal, observance(legal)];
    }),
  );
  return new Set(days.filter((day) => day >= first && day <= last).sort((a, b) => a - b));
}

/** Returns the holidays of a year as `YYYY-MM-DD`, in order. */
export function holidayDates(calendar: HolidayCalendar, year: number): string[] {
  return [...holidaysOf(calendar, year)].map(dateOfEpochDay);
}

/** @param day days since 1970-01-01. */
export function isHoliday(calendar: HolidayCalendar, day: number): boolean {
  return holidaysOf(calendar, yearOf(day)).has(day);
}

/** Checks for Monday to Friday without a holiday. */
export function isWorkday(day: number, holiday: boolean): boolean {
  return weekdayOf(day) < 5 && !holiday;
}

/**
 * Checks for a workday between two days off, such as the Friday after Thanksgiving, when many stay away from work.
 * @param holiday whether the day itself is a holiday.
 */
export function isBridgeDay(calendar: HolidayCalendar, day: number, holiday: boolean): boolean {
  const isFree = (other: number) => !isWorkday(other, isHoliday(calendar, other));
  return isWorkday(day, holiday) && isFree(day - 1) && isFree(day + 1);
}

/** Checks for 24 December to 1 January, when offices and schools are closed or half empty. */
export function isChristmasWeek(day: number): boolean {
  const monthAndDay = dateOfEpochDay(day).slice(5);
  return monthAndDay >= '12-24' || monthAndDay === '01-01';
}

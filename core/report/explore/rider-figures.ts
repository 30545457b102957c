/** Draws demand by hour and weekday, shares of members and electric bikes, and durations. */
import { barChart } from '../bar-chart.ts';
import type { Figure } from '../figure.ts';
import { heatMap } from '../heat-map.ts';
import { lineChart } from '../line-chart.ts';
import { percent, shortNumber } from '../short-number.ts';
import { byCalendar, calendarOf, HOURS } from './by-calendar.ts';
import { WEEKDAYS, type ExploreHours, type HourProfile } from './explore-data.ts';

export function clock({ workdays, freeDays, byWeekday, heat }: ExploreHours): Figure[] {
  return [
    lineChart({
      title: 'Mean trips by hour of day',
      labels: HOURS,
      series: [
        { label: 'workdays', values: workdays.trips, style: 'a' },
        { label: 'weekends and holidays', values: freeDays.trips, style: 'c' },
      ],
    }),
    barChart({
      title: 'Mean trips per day, by weekday',
      labels: WEEKDAYS,
      series: [{ label: 'per day', values: byWeekday, style: 'a' }],
    }),
    heatMap({ title: 'Mean trips by weekday and hour', rows: WEEKDAYS, columns: HOURS, values: heat }),
  ];
}

/** Draws charts of riders and bikes. Returns no charts if the source contains only trips. */
export function riders({ months, workdays, freeDays }: ExploreHours): Figure[] {
  const figures: Figure[] = [];
  const labels = calendarOf(months);
  const byHour = (title: string, pick: (profile: HourProfile) => HourProfile['trips'], format = percent) =>
    lineChart({
      title,
      labels: HOURS,
      series: [
        { label: 'workdays', values: pick(workdays), style: 'a' },
        { label: 'weekends and holidays', values: pick(freeDays), style: 'c' },
      ],
      format,
    });
  if (months.some(({ memberShare, electricShare }) => memberShare !== null || electricShare !== null)) {
    figures.push(
      lineChart({
        title: 'Share of members and of electric bikes, by month',
        labels,
        series: [
          { label: 'members', values: byCalendar(months, ({ memberShare }) => memberShare), style: 'a' },
          {
            label: 'electric bikes',
            values: byCalendar(months, ({ electricShare }) => electricShare),
            style: 'd',
          },
        ],
        format: percent,
      }),
      byHour('Share of members, by hour of day', (profile) => profile.memberShare),
    );
    if (months.some(({ electricShare }) => electricShare !== null))
      figures.push(byHour('Share of electric bikes, by hour of day', (profile) => profile.electricShare));
  }
  if (months.some(({ meanMinutes }) => meanMinutes !== null)) {
    figures.push(
      barChart({
        title: 'Mean duration by month, minutes',
        labels,
        series: [
          { label: 'minutes', values: byCalendar(months, ({ meanMinutes }) => meanMinutes), style: 'd' },
        ],
      }),
      byHour('Mean duration by hour of day, minutes', (profile) => profile.meanMinutes, shortNumber),
    );
  }
  return figures;
}

import { barChart } from '../bar-chart.ts';
import type { Figure } from '../figure.ts';
import { scatterChart } from '../scatter-chart.ts';
import { mean, WET_FROM_INCHES, type DaySummary } from './explore-data.ts';

/** Bands of rain in inches. The last band has no upper bound. */
const RAIN_BANDS: readonly (readonly [string, number, number])[] = [
  ['dry', -1, WET_FROM_INCHES],
  ['to 0.1 in', WET_FROM_INCHES, 0.1],
  ['to 0.5 in', 0.1, 0.5],
  ['to 1 in', 0.5, 1],
  ['more', 1, Infinity],
];
const TEN_DEGREES = 10;

/** Draws demand by weather. Returns no charts if no weather was observed. */
export function weatherCharts(days: readonly DaySummary[]): Figure[] {
  const observed = days.flatMap(({ weather, ...day }) =>
    weather && weather.TMAX !== null ? [{ ...day, high: weather.TMAX, rain: weather.PRCP ?? 0 }] : [],
  );
  if (observed.length === 0) return [];
  type Day = (typeof observed)[number];
  const points = (chosen: readonly Day[]) =>
    chosen.map(({ date, high, trips }) => ({ x: high, y: trips, label: date }));
  const means = (chosen: readonly Day[]) => mean(chosen.map(({ trips }) => trips));
  const bands = [...new Set(observed.map(({ high }) => Math.floor(high / TEN_DEGREES) * TEN_DEGREES))].sort(
    (a, b) => a - b,
  );
  const inBand = (band: number) => observed.filter(({ high }) => high >= band && high < band + TEN_DEGREES);
  return [
    scatterChart({
      title: 'Trips per day by highest temperature',
      xTitle: 'TMAX, °F',
      groups: [
        {
          label: 'dry days',
          style: 'c',
          points: points(observed.filter(({ rain }) => rain <= WET_FROM_INCHES)),
        },
        {
          label: `wet days (over ${WET_FROM_INCHES} in)`,
          style: 'a',
          points: points(observed.filter(({ rain }) => rain > WET_FROM_INCHES)),
        },
      ],
    }),
    barChart({
      title: 'Mean trips per day by highest temperature, °F',
      labels: bands.map((band) => `${band}–${band + TEN_DEGREES - 1}`),
      series: [
        {
          label: 'workdays',
          values: bands.map((band) => means(inBand(band).filter((day) => !day.free))),
          style: 'a',
        },
        {
          label: 'weekends and holidays',
          values: bands.map((band) => means(inBand(band).filter((day) => day.free))),
          style: 'c',
        },
      ],
    }),
    barChart({
      title: 'Mean trips per day by rain',
      labels: RAIN_BANDS.map(([name]) => name),
      series: [
        {
          label: 'per day',
          values: RAIN_BANDS.map(([, above, upTo]) =>
            means(observed.filter(({ rain }) => rain > above && rain <= upTo)),
          ),
          style: 'a',
        },
      ],
    }),
  ];
}

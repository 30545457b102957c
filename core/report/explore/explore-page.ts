/** Renders the exploratory report as HTML: demand by time, calendar, weather and place. */
import { escapeHtml } from '../escape-html.ts';
import type { Figure } from '../figure.ts';
import { charts, factsTable, htmlPage } from '../page.ts';
import { shortNumber } from '../short-number.ts';
import type { ExploreHours } from './explore-data.ts';
import { places, type ExploreFlows } from './place-figures.ts';
import { clock, riders } from './rider-figures.ts';
import { growthTable, overTime } from './time-figures.ts';
import { weatherCharts } from './weather-figures.ts';

export interface ExplorePage {
  readonly system: string;
  readonly synthetic: boolean;
  readonly source: string;
  readonly hours: ExploreHours;
  /** Null if the source has no flows. */
  readonly flows: ExploreFlows | null;
  /** Requested months that the source does not have. */
  readonly missingMonths: readonly string[];
}

export function explorePage(page: ExplorePage): string {
  const { system, synthetic, source, hours, flows, missingMonths } = page;
  const observed = hours.days.filter(({ weather }) => weather !== null).length;
  return htmlPage({
    title: `Demand of ${system}, ${hours.from} to ${hours.to}${synthetic ? ' (synthetic data)' : ''}`,
    sections: [
      factsTable([
        ['Trips', count(hours.trips)],
        [
          'Hours',
          `${count(hours.hours)}, ${shortNumber(hours.trips / hours.hours)} trips per hour on average`,
        ],
        ['Days', `${count(hours.days.length)}, weather observed on ${count(observed)} of them`],
        ['Missing months', missingMonths.join(', ') || 'none'],
        ['Source', source],
      ]),
      `<h2>Over time</h2>${charts(overTime(hours))}${growthTable(hours.months)}`,
      `<h2>Time of day and calendar</h2>${charts(clock(hours))}`,
      section(
        'Riders, bikes and durations',
        riders(hours),
        'the source contains only trips. Give a source with archives',
      ),
      section(
        'Weather',
        weatherCharts(hours.days),
        'there is no weather for these days. Give a source of weather',
      ),
      flows
        ? section('Stations and routes', places(flows), '')
        : '<h2>Stations and routes</h2><p class="note">The source has no flows between stations. Give a source with archives.</p>',
    ],
    style: 'body{max-width:80rem}',
  });
}

/** Renders the figures of a section, or the reason why there are none. */
function section(title: string, figures: readonly Figure[], missing: string): string {
  const body =
    figures.length > 0 ? charts(figures) : `<p class="note">Nothing to show: ${escapeHtml(missing)}.</p>`;
  return `<h2>${escapeHtml(title)}</h2>${body}`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

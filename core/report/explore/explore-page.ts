/** The exploratory report as a page: how demand moves with the clock, the calendar, the weather and the place. */
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
  /** Null where no flows were to be had. */
  readonly flows: ExploreFlows | null;
  /** Months asked for that the source does not have. */
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
          `${count(hours.hours)}, ${shortNumber(hours.trips / hours.hours)} trips in one on the average`,
        ],
        ['Days', `${count(hours.days.length)}, weather observed on ${count(observed)} of them`],
        ['Months missing', missingMonths.join(', ') || 'none'],
        ['Source', source],
      ]),
      `<h2>Over time</h2>${charts(overTime(hours))}${growthTable(hours.months)}`,
      `<h2>Clock and calendar</h2>${charts(clock(hours))}`,
      section('Riders, bikes and durations', riders(hours), 'the source holds trips alone'),
      section('Weather', weatherCharts(hours.days), 'no weather was given for these days'),
      flows
        ? section('Stations and routes', places(flows), '')
        : '<h2>Stations and routes</h2><p class="note">The source holds no flows between stations.</p>',
    ],
    style: 'body{max-width:80rem}',
  });
}

/** Figures of a section, or a word on why there are none. */
function section(title: string, figures: readonly Figure[], missing: string): string {
  const body =
    figures.length > 0 ? charts(figures) : `<p class="note">Nothing to show: ${escapeHtml(missing)}.</p>`;
  return `<h2>${escapeHtml(title)}</h2>${body}`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

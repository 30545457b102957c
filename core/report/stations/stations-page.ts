/** Renders the stations of a month at one hour as HTML: a map, the greatest losses and gains, and all stations. */
import { STATION_COUNT_RULE, WEEKDAY_CLASSES } from '../../../contracts/station-hours.ts';
import { flowLevelTexts, stationMap } from '../../charts/station-map.ts';
import {
  greatestFlows,
  type StationFigures,
  type StationFlow,
  type StationView,
} from '../../stations/station-figures.ts';
import { hourText } from '../../stations/hour-text.ts';
import { pixel } from '../axes.ts';
import { escapeHtml } from '../escape-html.ts';
import { factsTable, htmlPage, textTable } from '../page.ts';

export interface StationsPage extends StationView {
  readonly system: string;
  readonly synthetic: boolean;
  readonly figures: StationFigures;
}

const WIDTH = 960;
const HEIGHT = 720;
const MOST_LISTED = 10;
/** Colours of levels -3 to 3: orange for a loss, purple for a gain (ColorBrewer PuOr), which colour-blind people tell apart. */
const COLOURS = ['#b35806', '#f1a340', '#fee0b6', '#cfcfcf', '#d8daeb', '#998ec3', '#542788'];

export function stationsPage({ system, synthetic, figures, ...view }: StationsPage): string {
  const { days, stations, total, withoutStation, withoutEnd } = figures;
  const { losing, gaining } = greatestFlows(stations, MOST_LISTED);
  const weekdays = WEEKDAY_CLASSES[view.weekdays].label;
  return htmlPage({
    title: `Stations of ${system} in ${view.month}, ${hourText(view.hour)}, ${weekdays}${synthetic ? ' (synthetic data)' : ''}`,
    sections: [
      factsTable([
        ['Days', `${days} (${weekdays})`],
        ['Departures', count(total.departures)],
        ['Arrivals', count(total.arrivals)],
        ['Departures without a station', count(withoutStation.departures)],
        ['Arrivals without a station', count(withoutStation.arrivals)],
        ['Rides of the month without an arrival', count(withoutEnd)],
      ]),
      `<p class="note">${STATION_COUNT_RULE}</p>`,
      mapHtml(stations),
      `<h2>Greatest losses</h2>${flowTable(losing, days)}`,
      `<h2>Greatest gains</h2>${flowTable(gaining, days)}`,
      `<h2>All ${count(stations.length)} stations</h2>${flowTable(stations, days)}`,
    ],
    style: `.map{border:1px solid var(--line)}.map circle{stroke:#0006}.map circle:focus{stroke:currentColor;stroke-width:3}
${COLOURS.map((colour, i) => `.flow-${i}{fill:${colour};background:${colour}}`).join('')}
.legend span{display:inline-block;margin-right:1rem;font-size:.85rem}.legend i{display:inline-block;width:1rem;height:.8rem;margin-right:.3rem}`,
  });
}

function mapHtml(stations: readonly StationFlow[]): string {
  const sized = stations.map((station) => ({ ...station, volume: station.departures + station.arrivals }));
  const frame = { left: 0, right: WIDTH, top: 0, bottom: HEIGHT };
  const { circles, edges, scaleBar, leftOut } = stationMap(sized, frame);
  if (circles.length === 0)
    return '<p class="note">The rides of this month give no positions, so there is no map.</p>';
  const marks = circles.map(
    ({ station, x, y, r, level }) =>
      `<circle class="flow-${level + 3}" cx="${pixel(x)}" cy="${pixel(y)}" r="${pixel(r)}" tabindex="0"><title>${escapeHtml(titleOf(station))}</title></circle>`,
  );
  const { x1, x2, y, label } = scaleBar;
  const legend = flowLevelTexts(edges, count).map(
    (text, i) => `<span><i class="flow-${i}"></i>${escapeHtml(text)}</span>`,
  );
  const left =
    leftOut.length === 0
      ? ''
      : `<p class="note">${count(leftOut.length)} stations have no position, or lie far from nearly all rides, and are only in the table.</p>`;
  return `<figure><figcaption>Area: departures and arrivals. Colour: net flow, arrivals minus departures.</figcaption><p class="legend">${legend.join('')}</p>
<svg class="map" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="group" aria-label="Map of the stations">${marks.join('')}
<path d="M${pixel(x1)} ${y - 6}V${y}H${pixel(x2)}V${y - 6}" stroke="currentColor"/><text class="tick" x="${pixel(x1 + 6)}" y="${y - 8}">${label}</text></svg></figure>${left}`;
}

function titleOf({ id, name, departures, arrivals, net }: StationFlow): string {
  return `${name ?? id} (${id}): ${count(departures)} departures, ${count(arrivals)} arrivals, net ${signed(net)}`;
}

function flowTable(stations: readonly StationFlow[], days: number): string {
  return textTable(
    ['Station', 'Id', 'Departures', 'Arrivals', 'Net', 'Net per day'],
    stations.map(({ id, name, departures, arrivals, net }) => [
      name ?? '',
      id,
      count(departures),
      count(arrivals),
      signed(net),
      signed(Math.round((net / Math.max(1, days)) * 10) / 10),
    ]),
  );
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function signed(value: number): string {
  return value > 0 ? `+${count(value)}` : count(value).replace('-', '−');
}

/** Places stations on a map without tiles: longitude shrinks by the cosine of the latitude, so that distances are true. */
import type { Frame } from './scales.ts';

interface MapStation {
  readonly position: readonly [latitude: number, longitude: number] | null;
  /** Departures and arrivals, which the area of the circle shows. */
  readonly volume: number;
  readonly net: number;
}

interface Circle<Station> {
  readonly station: Station;
  readonly x: number;
  readonly y: number;
  readonly r: number;
  /** Colour from -3, a great loss, to 3, a great gain. */
  readonly level: FlowLevel;
}

export type FlowLevel = -3 | -2 | -1 | 0 | 1 | 2 | 3;

interface StationMap<Station> {
  /** The greatest first, so that small circles lie above great ones. */
  readonly circles: readonly Circle<Station>[];
  /** Least net flow of levels 1, 2 and 3. */
  readonly edges: readonly [number, number, number];
  readonly scaleBar: { readonly x1: number; readonly x2: number; readonly y: number; readonly label: string };
  /** Circles of the legend, for round volumes. */
  readonly sizes: readonly { readonly volume: number; readonly r: number }[];
  /** Stations that have no position, or lie far from nearly all rides. */
  readonly leftOut: readonly Station[];
}

/** Kilometres of a degree of latitude. */
const DEGREE_KM = 111.2;
/** Is the greatest radius, as a share of the frame. */
const GREATEST = 0.032;
const LEAST_RADIUS = 2;
/** Stations beyond 1.25 times the distance that holds 99 % of the rides are left out, so that the others stay legible. */
const NEAR_SHARE = 0.99;
const NEAR_MARGIN = 1.25;
const LEVELS: readonly FlowLevel[] = [0, 1, 2, 3];

export function stationMap<Station extends MapStation>(
  stations: readonly Station[],
  frame: Frame,
): StationMap<Station> {
  const placed = withPlaces(stations);
  const near = withoutFar(placed);
  const shown = new Set(near.map(({ station }) => station));
  const [width, height] = [frame.right - frame.left, frame.bottom - frame.top];
  const greatest = Math.min(width, height) * GREATEST + 4;
  const [west, east] = rangeOf(near.map(({ east }) => east));
  const [south, north] = rangeOf(near.map(({ north }) => north));
  const inner = 2 * greatest;
  // At least a kilometre, so that a single station does not divide by zero.
  const perKm = Math.min(
    (width - inner) / Math.max(1, east - west),
    (height - inner) / Math.max(1, north - south),
  );
  const left = frame.left + (width - (east - west) * perKm) / 2;
  const top = frame.top + (height - (north - south) * perKm) / 2;
  const most = near.reduce((max, { station }) => Math.max(max, station.volume), 1);
  const radius = (volume: number) => Math.max(LEAST_RADIUS, greatest * Math.sqrt(volume / most));
  const edges = flowEdges(stations.map(({ net }) => net));
  const km = roundDown(width / perKm / 4);
  return {
    circles: near
      .map(({ station, east: x, north: y }) => ({
        station,
        x: left + (x - west) * perKm,
        y: top + (north - y) * perKm,
        r: radius(station.volume),
        level: levelOf(station.net, edges),
      }))
      .sort((a, b) => b.r - a.r),
    edges,
    scaleBar: {
      x1: frame.left + 8,
      x2: frame.left + 8 + km * perKm,
      y: frame.bottom - 8,
      label: km >= 1 ? `${km} km` : `${Math.round(km * 1000)} m`,
    },
    sizes: [...new Set([most, most / 10].map(roundDown))]
      .filter((volume) => volume >= 1)
      .map((volume) => ({ volume, r: radius(volume) })),
    leftOut: stations.filter((station) => !shown.has(station)),
  };
}

/** Returns the colour of a net flow. */
export function levelOf(net: number, edges: readonly number[]): FlowLevel {
  const strength = LEVELS[edges.filter((edge) => Math.abs(net) >= edge).length]!;
  return (net < 0 && strength > 0 ? -strength : strength) as FlowLevel;
}

/** Describes levels -3 to 3, such as `−29 to −10`. */
export function flowLevelTexts(
  [low, middle, high]: readonly [number, number, number],
  format: (value: number) => string,
): string[] {
  const loss = (value: number) => `−${format(value)}`;
  return [
    `${loss(high)} or less`,
    `${loss(high - 1)} to ${loss(middle)}`,
    `${loss(middle - 1)} to ${loss(low)}`,
    low > 1 ? `${loss(low - 1)} to ${format(low - 1)}` : '0',
    `${format(low)} to ${format(middle - 1)}`,
    `${format(middle)} to ${format(high - 1)}`,
    `${format(high)} or more`,
  ];
}

/** Returns edges such as 10, 30 and 100. The greatest is about the net flow that one station in ten reaches. */
function flowEdges(nets: readonly number[]): [number, number, number] {
  const sizes = nets.map(Math.abs).sort((a, b) => a - b);
  const strong = Math.max(10, NEARLY * (sizes[Math.floor(sizes.length * 0.9)] ?? 0));
  const power = 10 ** Math.floor(Math.log10(strong));
  return strong >= 3 * power ? [(3 * power) / 10, power, 3 * power] : [power / 10, (3 * power) / 10, power];
}

/** Lets a net flow just below a round edge choose it. */
const NEARLY = 1.15;

interface Placed<Station> {
  readonly station: Station;
  /** Kilometres from the middle of all stations. */
  readonly east: number;
  readonly north: number;
}

function withPlaces<Station extends MapStation>(stations: readonly Station[]): Placed<Station>[] {
  const known = stations.flatMap((station) => (station.position ? [{ station, at: station.position }] : []));
  const latitude = middleOf(known.map(({ at }) => at[0]));
  const longitude = middleOf(known.map(({ at }) => at[1]));
  const shrink = Math.cos((latitude * Math.PI) / 180);
  return known.map(({ station, at }) => ({
    station,
    east: (at[1] - longitude) * shrink * DEGREE_KM,
    north: (at[0] - latitude) * DEGREE_KM,
  }));
}

/** Leaves out stations far from nearly all rides, such as a depot in another city. */
function withoutFar<Station extends MapStation>(
  placed: readonly Placed<Station>[],
): readonly Placed<Station>[] {
  const distance = ({ east, north }: Placed<Station>) => Math.hypot(east, north);
  const sorted = placed.toSorted((a, b) => distance(a) - distance(b));
  const all = sorted.reduce((sum, { station }) => sum + station.volume, 0);
  let volume = 0;
  const edge = sorted.find(({ station }) => (volume += station.volume) >= all * NEAR_SHARE);
  const limit = edge ? Math.max(1, distance(edge)) * NEAR_MARGIN : Infinity;
  return sorted.filter((each) => distance(each) <= limit);
}

function middleOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

function rangeOf(values: readonly number[]): [number, number] {
  return values.length === 0
    ? [0, 0]
    : [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

/** Returns the greatest number of 1, 2 or 5 times a power of ten that is not above the value. */
function roundDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1e-3, value)));
  const factor = [5, 2].find((each) => value >= each * power) ?? 1;
  return power < 1 ? factor / Math.round(1 / power) : factor * power;
}

import { CitibikeError } from '../../contracts/errors.ts';
import type { ForecastPlace } from '../../contracts/weather-forecast.ts';

type Point = Pick<ForecastPlace, 'latitude' | 'longitude'>;

/** Kilometres within which a forecast counts as that of the place. Cells of services are a few kilometres wide. */
const MOST_KM = 50;
const EARTH_RADIUS_KM = 6371;

/**
 * Rejects an answer for another place, such as a file of another city. An answer that states no coordinates passes.
 * @throws CitibikeError BAD_WEATHER that names both coordinates.
 */
export function assertPlace(text: string, place: Point): void {
  const stated = statedPoint(JSON.parse(text));
  if (!stated || kilometres(stated, place) <= MOST_KM) return;
  throw new CitibikeError(
    'BAD_WEATHER',
    `weather forecast: got one for ${shown(stated)}, ${Math.round(kilometres(stated, place))} km from the place, expected one within ${MOST_KM} km of ${shown(place)}. Correct the source, or weather.forecast in the file of the system`,
  );
}

/** Returns the coordinates of Open-Meteo, or the first corner of the geometry of api.weather.gov. */
function statedPoint(answer: unknown): Point | undefined {
  const { latitude, longitude, geometry } = (answer ?? {}) as Record<string, unknown>;
  if (typeof latitude === 'number' && typeof longitude === 'number') return { latitude, longitude };
  return cornerOf((geometry as { readonly coordinates?: unknown } | null | undefined)?.coordinates);
}

/** GeoJSON nests positions by the kind of the geometry, and writes the longitude first. */
function cornerOf(coordinates: unknown): Point | undefined {
  if (!Array.isArray(coordinates)) return undefined;
  const [longitude, latitude] = coordinates as readonly unknown[];
  if (typeof longitude === 'number' && typeof latitude === 'number') return { latitude, longitude };
  return cornerOf(longitude);
}

/** Returns the distance on a sphere by the haversine formula. */
function kilometres(a: Point, b: Point): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const half = (from: number, to: number) => Math.sin(radians(to - from) / 2) ** 2;
  const scale = Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude));
  const chord = half(a.latitude, b.latitude) + scale * half(a.longitude, b.longitude);
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)));
}

function shown({ latitude, longitude }: Point): string {
  return `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;
}

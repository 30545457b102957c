import { expect, it } from 'vitest';
import { assertPlace } from '../../../core/forecast/assert-place.ts';

const NEW_YORK = { latitude: 40.7789, longitude: -73.9692 };
const cell = (longitude: number, latitude: number) => ({
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [longitude, latitude],
        [longitude + 0.03, latitude],
        [longitude, latitude],
      ],
    ],
  },
});

it.each<[string, object]>([
  ['a cell of the place', cell(-73.98, 40.77)],
  ['a neighbouring cell', cell(-74.4, 40.77)],
  ['coordinates of Open-Meteo', { latitude: 40.7, longitude: -74.01 }],
  ['a point', { geometry: { type: 'Point', coordinates: [-74, 40.8] } }],
  ['no coordinates', { properties: {} }],
  ['an unknown geometry', { geometry: { type: 'GeometryCollection', geometries: [] } }],
  ['no geometry', { geometry: null }],
])('accepts %s', (_what, answer) => {
  expect(() => assertPlace(JSON.stringify(answer), NEW_YORK)).not.toThrow();
});

it('rejects a grid of another city with both coordinates', () => {
  // Tallahassee: 1,555 km by the haversine formula on a sphere of 6,371 km
  expect(() => assertPlace(JSON.stringify(cell(-84.9924374, 30.0315636)), NEW_YORK)).toThrow(
    /got one for 30\.0316, -84\.9924, 15\d\d km from the place, expected one within 50 km of 40\.7789, -73\.9692/,
  );
});

it('rejects coordinates of Open-Meteo beyond the limit, also across the date line', () => {
  const at = (latitude: number, longitude: number) => JSON.stringify({ latitude, longitude });
  // 0.44 degrees of latitude are 48.9 km, 0.46 are 51.1 km
  expect(() => assertPlace(at(41.2189, -73.9692), NEW_YORK)).not.toThrow();
  expect(() => assertPlace(at(41.2389, -73.9692), NEW_YORK)).toThrow('51 km');
  expect(() => assertPlace(at(0, 179.9), { latitude: 0, longitude: -179.9 })).not.toThrow();
});

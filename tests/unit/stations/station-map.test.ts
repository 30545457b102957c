import { describe, expect, it } from 'vitest';
import { flowLevelTexts, levelOf, stationMap } from '../../../core/charts/station-map.ts';

const FRAME = { left: 0, right: 600, top: 0, bottom: 600 };

const at = (latitude: number, longitude: number, net = 0, volume = 10) => ({
  position: [latitude, longitude] as const,
  net,
  volume,
});

describe('a map of stations', () => {
  it('shrinks longitudes by the cosine of the latitude, with north at the top', () => {
    const [south, north, west, east] = [at(59.95, 10), at(60.05, 10), at(60, 9.9), at(60, 10.1)];
    const { circles } = stationMap([south, north, west, east], FRAME);
    const place = (of: object) => circles.find(({ station }) => station === of)!;
    // At 60 degrees, 0.2 degrees of longitude are as far as 0.1 degrees of latitude.
    const high = place(south).y - place(north).y;
    const wide = place(east).x - place(west).x;
    expect(high).toBeGreaterThan(300);
    expect(wide / high).toBeCloseTo(1, 2);
  });

  it('has a scale bar of a round length', () => {
    const { scaleBar } = stationMap([at(40, -74), at(40.1, -74)], FRAME);
    expect(scaleBar.label).toBe('2 km');
    // 0.1 degrees of latitude, 11.12 km, cover the frame without its margins.
    const { circles } = stationMap([at(40, -74), at(40.1, -74)], FRAME);
    const [a, b] = circles;
    expect(scaleBar.x2 - scaleBar.x1).toBeCloseTo((Math.abs(a!.y - b!.y) / 11.12) * 2, 1);
  });

  it('shows volume by area', () => {
    const { circles } = stationMap([at(40, -74, 0, 100), at(40.1, -74, 0, 400)], FRAME);
    expect(circles[0]!.r / circles[1]!.r).toBeCloseTo(2, 6);
  });

  it('leaves out stations without a position, and those far from nearly all rides', () => {
    const near = Array.from({ length: 20 }, (_, i) => at(40 + i / 1000, -74, 0, 100));
    const nowhere = { position: null, net: 0, volume: 1 };
    const far = at(51, 0, 0, 1);
    expect(stationMap([...near, nowhere, far], FRAME).leftOut).toEqual([nowhere, far]);
  });

  it('of no station, or of one, does not fail', () => {
    expect(stationMap([], FRAME).circles).toEqual([]);
    const { circles } = stationMap([at(40, -74)], FRAME);
    expect([circles[0]!.x, circles[0]!.y]).toEqual([300, 300]);
  });
});

it('a net flow has the colour of the edge that it reaches', () => {
  const edges = [3, 10, 30];
  expect([-30, -29, -3, -2, 0, 3, 10, 300].map((net) => levelOf(net, edges))).toEqual([
    -3, -2, -1, 0, 0, 1, 2, 3,
  ]);
});

it('the legend describes every net flow once', () => {
  expect(flowLevelTexts([10, 30, 100], String)).toEqual([
    '−100 or less',
    '−99 to −30',
    '−29 to −10',
    '−9 to 9',
    '10 to 29',
    '30 to 99',
    '100 or more',
  ]);
  expect(flowLevelTexts([1, 3, 10], String)[3]).toBe('0');
});

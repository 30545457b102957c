import { expect, it } from 'vitest';
import { askedOf } from '../../../console/web/src/pages/predict/asked-hour.ts';
import { forecastWeather, inOtherUnits } from '../../../console/web/src/pages/predict/forecast-weather.ts';
import { sampleForecast } from '../../fixtures/sample-forecast.ts';

const { weather } = sampleForecast({ model: 'm', issuedAt: '2026-11-29T18:00:00.000Z' });
const days = weather.map((day) => ({ ...day, fromEarlier: [...day.fromEarlier] }));

it('fills a day with its weather and the rain of the day before', () => {
  // The sample rains 0.31 inches on its third day.
  expect(forecastWeather(days, '2026-12-02', false)).toEqual({
    source: 'forecast',
    texts: { TMAX: '45', TMIN: '34', PRCP: '0', SNOW: '0', AWND: '8.5', PRCP_yesterday: '0.31' },
  });
});

it('leaves out what the forecast does not say, and names climatology', () => {
  const filled = forecastWeather(days, '2026-12-06', false)!;
  expect(filled.source).toBe('climatology');
  expect(filled.texts).not.toHaveProperty('AWND');
  expect(forecastWeather(days, '2026-11-29', false)!.texts).not.toHaveProperty('PRCP_yesterday');
});

it('assumes no snow where the forecast says nothing of it', () => {
  const day = { ...days[0]!, SNOW: null };
  expect(forecastWeather([day], day.date, false)!.texts).toMatchObject({ SNOW: '0' });
});

it('rounds to what a form shows', () => {
  const day = { ...days[0]!, TMAX: 51.000001, PRCP: 0.1234 };
  expect(forecastWeather([day], day.date, false)!.texts).toMatchObject({ TMAX: '51', PRCP: '0.12' });
});

it('does not invent weather for a day that the forecast does not reach', () => {
  expect(forecastWeather(days, '2026-12-30', false)).toBeUndefined();
  expect(forecastWeather([], '', false)).toBeUndefined();
  expect(askedOf({ date: '2026-12-30', hour: '8' }, false)).toMatchObject([
    { field: 'TMAX' },
    { field: 'TMIN' },
    { field: 'SNOW' },
  ]);
});

it('asks for an hour with the weather of the form', () => {
  const { texts } = forecastWeather(days, '2026-12-02', false)!;
  expect(askedOf({ date: '2026-12-02', hour: '8', ...texts, AWND: '' }, false)).toEqual({
    date: '2026-12-02',
    hour: 8,
    TMAX: 45,
    TMIN: 34,
    PRCP: 0,
    SNOW: 0,
    PRCP_yesterday: 0.31,
  });
  expect(askedOf({ date: '2026-12-02', hour: 'noon', ...texts }, false)).toMatchObject([{ field: 'hour' }]);
});

it('fills and reads the form in °C, mm and m/s', () => {
  const { texts } = forecastWeather(days, '2026-12-02', true)!;
  expect(texts).toEqual({
    TMAX: '7.22',
    TMIN: '1.11',
    PRCP: '0',
    SNOW: '0',
    AWND: '3.8',
    PRCP_yesterday: '7.87',
  });
  const asked = { date: '2026-12-02', hour: '8', ...texts };
  expect(askedOf(asked, true)).toMatchObject({ TMAX: 7.22, hour: 8 });
  // 1,500 mm of rain are in range, and 1,500 inches are not.
  expect(askedOf({ ...asked, PRCP: '1500' }, true)).not.toBeInstanceOf(Array);
  expect(askedOf({ ...asked, PRCP: '1500' }, false)).toMatchObject([{ field: 'PRCP' }]);
});

it('converts what the reader entered when the units change', () => {
  const entered = { date: '2026-12-02', TMAX: '50', PRCP: '0.5', AWND: '10', SNOW: 'much' };
  const metric = inOtherUnits(entered, 'metric');
  expect(metric).toEqual({ TMAX: '10', PRCP: '12.7', AWND: '4.47' });
  expect(inOtherUnits(metric, 'imperial')).toEqual({ TMAX: '50', PRCP: '0.5', AWND: '10' });
});

/** Tests daily weather from folders, the open service and the CDO API, in the units of the models. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fetchLab } from '../fixtures/fetch-lab.ts';
import { run } from '../fixtures/run-activity.ts';
import { answers } from '../unit/sources/archive-server.ts';

const lab = fetchLab();
const { artifacts, objects, worker } = lab;

describe('weather', () => {
  const header = 'DATE,AWND,PRCP,SNOW,SNWD,TAVG,TMAX,TMIN';

  const lineOf = (stored: string, date: string) =>
    stored.split('\n').find((line) => line.startsWith(`${date},`));

  async function weatherOf(csv: string, units: 'auto' | 'metric' = 'auto'): Promise<string> {
    writeFileSync(path.join(lab.dir, 'weather-daily-2024.csv'), csv);
    const source = pathToFileURL(lab.dir).href;
    const activities = worker({ weatherUnits: units });
    const answer = await run(activities.fetchWeather, {
      years: [2024],
      source,
      synthetic: false,
      required: true,
      cache: true,
    });
    return Buffer.from(await objects.get(answer.weather[0]!.ref.uri)).toString('utf8');
  }

  it('of a year that the source lacks is an error where it is required, and omitted elsewhere', async () => {
    writeFileSync(path.join(lab.dir, 'weather-daily-2024.csv'), `${header}\n2024-07-01,5,0,0,0,,86,70\n`);
    const asked = { years: [2016], source: pathToFileURL(lab.dir).href, synthetic: false, cache: true };
    await expect(run(lab.fetching.fetchWeather, { ...asked, required: true })).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      message: expect.stringContaining('no daily weather for 2016') as string,
    });
    const { weather } = await run(lab.fetching.fetchWeather, {
      ...asked,
      years: [2016, 2024],
      required: false,
    });
    expect(weather.map(({ year }) => year)).toEqual([2024]);
  });

  it('of a metric file becomes °F, inches and mph', async () => {
    const july = Array.from(
      { length: 20 },
      (_, i) => `2024-07-${String(i + 1).padStart(2, '0')},5,2.5,0,0,,30,21`,
    );
    const stored = await weatherOf([header, ...july].join('\n'));
    expect(stored.split('\n')[0]).toBe(header);
    expect(lineOf(stored, '2024-07-01')).toBe('2024-07-01,11.2,0.1,0,0,,86,69.8');
  });

  it('of a few winter days is read in the configured units', async () => {
    const stored = await weatherOf('DATE,TMAX,TMIN\n2024-01-02,10,5\n', 'metric');
    expect(lineOf(stored, '2024-01-02')).toBe('2024-01-02,,,,,,50,41');
  });

  it('of a source with a part of a year adds to the known days, and replaces those that it has', async () => {
    await weatherOf(`${header}\n2024-03-01,5,0,0,0,,50,40\n2024-03-02,5,0,0,0,,51,41\n`);
    const stored = await weatherOf(`${header}\n2024-03-02,5,0,0,0,,61,42\n2024-03-03,5,0,0,0,,52,42\n`);
    expect(stored.split('\n').filter((line) => line.startsWith('2024-03'))).toEqual([
      '2024-03-01,5,0,0,0,,50,40',
      '2024-03-02,5,0,0,0,,61,42',
      '2024-03-03,5,0,0,0,,52,42',
    ]);
  });

  it('of a service that answers in °C instead of °F is converted', async () => {
    const july = Array.from({ length: 20 }, (_, i) => `2024-07-${String(i + 1).padStart(2, '0')},30,21.1`);
    lab.server.faults = [answers(['DATE,TMAX,TMIN', ...july].join('\n'))];
    const activities = worker({ weather: `${lab.server.base}/data/v1` });
    const { weather } = await run(activities.fetchWeather, {
      years: [2024],
      synthetic: false,
      required: true,
      cache: true,
    });
    const stored = Buffer.from(await objects.get(weather[0]!.ref.uri)).toString('utf8');
    expect(lineOf(stored, '2024-07-01')).toBe('2024-07-01,,,,,,86,70');
    expect((await artifacts.manifestOf(weather[0]!.ref.uri)).facts['writtenIn']).toEqual(['metric']);
  });

  it('comes from the CDO API with the token', async () => {
    const day = (datatype: string, value: number) => ({ date: '2024-01-02T00:00:00', datatype, value });
    let token: unknown;
    lab.server.faults = [
      (request, response) => {
        token = request.headers['token'];
        const results = [day('TMAX', 52), day('TMIN', 40), day('PRCP', 0.12)];
        response.end(JSON.stringify({ metadata: { resultset: { count: 3 } }, results }));
        return true;
      },
    ];
    const activities = worker({
      weather: `${lab.server.base}/cdo-web/api/v2`,
      noaaToken: 'secret',
    });
    const { weather } = await run(activities.fetchWeather, {
      years: [2024],
      synthetic: false,
      required: true,
      cache: true,
    });
    const stored = Buffer.from(await objects.get(weather[0]!.ref.uri)).toString('utf8');
    expect([token, lineOf(stored, '2024-01-02')]).toEqual(['secret', '2024-01-02,,0.12,,,,52,40']);
    expect(JSON.stringify(await artifacts.manifestOf(weather[0]!.ref.uri))).not.toContain('secret');
  });
});

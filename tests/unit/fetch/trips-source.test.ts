/** Tests which addresses the facts of a system open. */
import { expect, it } from 'vitest';
import type { ActivityDependencies } from '../../../activities/dependencies.ts';
import { tripsSource } from '../../../activities/fetch/trips-source.ts';
import { allowedAddresses } from '../../../adapters/sources/allowed-addresses.ts';
import { JC, NYC, systems } from '../../fixtures/shipped-systems.ts';

function dependencies(trips?: string): ActivityDependencies {
  const sources = {
    trips,
    weather: 'https://weather.example',
    forecasts: 'https://api.weather.gov',
    allow: ['s3://mine'],
    outputs: [],
  };
  return {
    sources,
    systems,
    allowed: allowedAddresses({ sources, dataBucket: 'data' }),
  } as unknown as ActivityDependencies;
}

it('is that of the input, then that of the setting, then that of the system', async () => {
  const addressOf = async (trips?: string, source?: string) =>
    (await tripsSource(dependencies(trips), JC, source)).url;
  expect(await addressOf('https://mirror.example/t', 's3://mine/t')).toBe('s3://mine/t');
  expect(await addressOf('https://mirror.example/t')).toBe('https://mirror.example/t');
  expect(await addressOf()).toBe(JC.trips.source);
});

it('accepts the source of a system only as its file names it', async () => {
  const source = 'https://elsewhere.example/trips';
  const forged = { ...NYC, trips: { ...NYC.trips, source } };
  await expect(tripsSource(dependencies(), forged, undefined)).rejects.toMatchObject({
    code: 'SOURCE_NOT_ALLOWED',
  });
  await expect(tripsSource(dependencies(), { ...forged, id: 'removed' }, undefined)).rejects.toMatchObject({
    code: 'SOURCE_NOT_ALLOWED',
  });
  await expect(tripsSource(dependencies(), JC, source)).rejects.toMatchObject({ code: 'SOURCE_NOT_ALLOWED' });
});

it('replaces the sources of all systems by the setting', async () => {
  const own = tripsSource(dependencies('https://mirror.example/t'), JC, JC.trips.source);
  await expect(own).rejects.toMatchObject({ code: 'SOURCE_NOT_ALLOWED' });
});

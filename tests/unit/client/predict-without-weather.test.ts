/** Tests `citibike predict` without weather: the service takes it from the forecast, and the command says what was used. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { predictCommand } from '../../../client/commands/predict.ts';
import { DAY_MS } from '../../../contracts/calendar.ts';
import { forecastOf, MemoryForecasts } from '../../fixtures/memory-forecasts.ts';
import { followed, startServing } from '../inference/test-service.ts';

const issuedAt = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000).toISOString();
const dayAfter = (days: number) => new Date(Date.parse(issuedAt) + days * DAY_MS).toISOString().slice(0, 10);

async function serve(): Promise<string> {
  const stateDir = mkdtempSync(path.join(tmpdir(), 'citibike-predict-'));
  const forecasts = new MemoryForecasts();
  forecasts.put(forecastOf({ issuedAt }));
  const { app } = await startServing({ stateDir, overrides: { forecast: forecasts.options(stateDir) } });
  await followed(app, issuedAt);
  return app.listen({ host: '127.0.0.1', port: 0 });
}

async function printed(...args: string[]): Promise<string> {
  const written: string[] = [];
  const output = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  try {
    await predictCommand().parseAsync(args, { from: 'user' });
  } finally {
    output.mockRestore();
  }
  return written.join('');
}

it('prints the prediction, and which weather the forecast gave', async () => {
  const url = await serve();
  const day = dayAfter(2);
  const text = await printed('--url', url, '--date', `${day}T08:00`);
  expect(text).toContain('trips in that hour');
  expect(text).toContain(
    `forecast of api.weather.gov, issued ${issuedAt.slice(0, 16).replace('T', ' ')} UTC`,
  );
  expect(text).toMatch(new RegExp(`^weather of ${day} +TMAX \\d+ °F, TMIN 30 °F, PRCP 0.11 inches`, 'm'));
  expect(text).not.toContain('training medians');
});

it('says how far the forecast reaches, and which options give the weather', async () => {
  const url = await serve();
  const beyond = `${dayAfter(30)}T08:00`;
  await expect(printed('--url', url, '--date', beyond)).rejects.toThrow(
    /does not reach \d{4}-\d\d-\d\d, only .* to .*To give the weather: --tmax, --tmin/,
  );
});

it('asks for the rest of the weather if a part of it is given', async () => {
  const call = printed('--url', 'http://127.0.0.1:1', '--date', '2026-12-01T08:00', '--tmax', '40');
  await expect(call).rejects.toThrow('--tmin: missing');
});

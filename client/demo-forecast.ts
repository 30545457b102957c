import { readForecast } from '../adapters/postgres/demand-forecasts.ts';
import { Database } from '../adapters/postgres/database.ts';
import type { DemandForecast } from '../contracts/demand-forecast.ts';
import { CitibikeError } from '../contracts/errors.ts';
import type { IssueResult } from '../contracts/workflows/forecast.ts';
import type { Settings } from '../settings.ts';

/** Reads the forecast that a run issued or kept. */
export async function readDemoForecast(
  settings: Settings,
  { system, model, issuedAt }: IssueResult,
): Promise<DemandForecast> {
  const database = new Database(settings.databaseReaderUrl);
  try {
    const forecast = await readForecast(database, model, { system, issuedAt: new Date(issuedAt) });
    if (forecast) return forecast;
    throw new CitibikeError(
      'INVALID_INPUT',
      `the forecast of ${issuedAt} for ${model} was deleted, expected one. Run the workflow forecast again`,
    );
  } finally {
    await database.close();
  }
}

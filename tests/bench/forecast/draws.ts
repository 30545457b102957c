/** Reads draws of forecasts: CSV with draw, lead_days, DATE, TMAX, TMIN, POP, QPF, SNOW and AWND. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { ForecastDay } from '../../../contracts/weather-forecast.ts';
import type { ForecastsByLead } from '../../../core/forecast/forecast-lead.ts';

const COLUMNS = 'draw,lead_days,DATE,TMAX,TMIN,POP,QPF,SNOW,AWND';

export function readDraws(file: string): ForecastsByLead[] {
  const bytes = readFileSync(file);
  const [header, ...lines] = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes)
    .toString()
    .trim()
    .split(/\r?\n/);
  if (header !== COLUMNS) throw new Error(`${file}: got the columns ${header}, expected ${COLUMNS}`);
  const draws: Map<number, Map<string, ForecastDay>>[] = [];
  for (const line of lines) {
    const [draw, lead, date, TMAX, TMIN, POP, QPF, SNOW, AWND] = line.split(',');
    const leads = (draws[Number(draw)] ??= new Map<number, Map<string, ForecastDay>>());
    const days = leads.get(Number(lead)) ?? new Map<string, ForecastDay>();
    leads.set(Number(lead), days);
    days.set(date!, {
      date: date!,
      TMAX: Number(TMAX),
      TMIN: Number(TMIN),
      PRCP: Number(QPF),
      SNOW: Number(SNOW),
      AWND: Number(AWND),
      rainProbability: Number(POP),
    });
  }
  return draws;
}

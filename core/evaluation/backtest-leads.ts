/** Predicts the hours of a backtest month from weather forecasts, for every lead day. */
import type { BacktestHours, LeadHours } from '../../contracts/activities/backtest.ts';
import type { FrameRow, WeatherDay } from '../../contracts/frame.ts';
import type { ForecastDay } from '../../contracts/weather-forecast.ts';
import type { ForecastCounts } from '../../contracts/workflows/backtest.ts';
import { forecastDraws } from '../forecast/draw-forecasts.ts';
import { LAST_LEAD } from '../forecast/forecast-errors.ts';
import { forecastLead, type ForecastsByLead } from '../forecast/forecast-lead.ts';
import type { LevelAt } from '../forecast/level.ts';
import { MEASURED_ERRORS } from '../forecast/measured-errors.ts';
import type { ServingModel } from '../serving/serving-model.ts';

/** Represents a kept forecast of a day. */
export interface ArchivedForecast extends ForecastDay {
  readonly leadDay: number;
}

export interface BacktestWeather {
  /** Hours of the month before, because an issue for the first days is older than the month. */
  readonly before: readonly FrameRow[];
  readonly archived: readonly ArchivedForecast[];
  /** Seed of the draws that stand for forecasts that nobody kept, and of the scenarios. */
  readonly seed: number;
}

const LEADS = Array.from({ length: LAST_LEAD }, (_, i) => i + 1);

/** Yields after each predicted day, so that the caller can do other work in between. */
export function* backtestLeads(
  model: ServingModel,
  train: readonly FrameRow[],
  test: readonly FrameRow[],
  levelAt: LevelAt,
  { before, archived, seed }: BacktestWeather,
): Generator<void, Omit<NonNullable<BacktestHours['forecast']>, 'observed'>> {
  const climate = [...daysOf(train).values()];
  const observed = daysOf([...before, ...test]);
  const { byLead, counts } = forecastsOf(
    observed,
    test,
    archived,
    forecastDraws(climate, MEASURED_ERRORS, seed),
  );
  const context = { model, rows: test, observed, climate, levelAt, seed };
  const leads: LeadHours[] = [];
  for (const leadDay of LEADS) {
    const hours = [];
    for (const day of forecastLead(context, byLead, leadDay)) {
      hours.push(...day);
      yield;
    }
    leads.push({
      leadDay,
      prediction: hours.map(({ prediction }) => prediction),
      lower: hours.map(({ intervals }) => intervals[0.9].lower),
      upper: hours.map(({ intervals }) => intervals[0.9].upper),
    });
  }
  return { leads, forecasts: counts };
}

function daysOf(rows: readonly FrameRow[]): Map<string, WeatherDay> {
  return new Map(rows.map((row) => [row.date, row]));
}

/** Takes kept forecasts, and draws the others. Counts those of the days of the month. */
function forecastsOf(
  observed: ReadonlyMap<string, WeatherDay>,
  test: readonly FrameRow[],
  archived: readonly ArchivedForecast[],
  draw: ReturnType<typeof forecastDraws>,
): { byLead: ForecastsByLead; counts: ForecastCounts } {
  const kept = new Map(archived.map((day) => [`${day.leadDay} ${day.date}`, day]));
  const counts = { archived: 0, drawn: 0 };
  const firstDay = test[0]!.date;
  const byLead = new Map<number, Map<string, ForecastDay>>();
  for (const lead of LEADS) {
    const days = new Map<string, ForecastDay>();
    for (const day of observed.values()) {
      const told = kept.get(`${lead} ${day.date}`) ?? draw(day, lead);
      if (told) days.set(day.date, told);
      if (day.date >= firstDay && told) counts['leadDay' in told ? 'archived' : 'drawn'] += 1;
    }
    byLead.set(lead, days);
  }
  return { byLead, counts };
}

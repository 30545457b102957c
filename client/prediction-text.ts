/** Writes one prediction for the terminal, with the weather of a forecast if it was used. */
import type { Forecast, Prediction } from '../adapters/prediction-client/prediction-client.ts';
import { dayWeather } from './forecast-text.ts';

/** @param forecast newest forecast, for the weather of a row that had none. */
export function predictionText(answer: Prediction, date: string, forecast?: Forecast): string {
  const { model, version, prediction, lower, upper, imputed, warnings = [], synthetic } = answer;
  const rows = [['trips in that hour', prediction.toFixed(0)]];
  if (lower !== undefined && upper !== undefined)
    rows.push(['90 % interval', `${lower.toFixed(0)} to ${upper.toFixed(0)}`]);
  rows.push(['model', `${model} version ${version}`]);
  if (answer.weather) rows.push(...weatherRows(answer, date, forecast));
  else if (imputed.length > 0) rows.push(['filled from training medians', imputed.join(', ')]);
  if (synthetic) rows.push(['note', 'trained on synthetic data']);
  rows.push(...warnings.map(({ message }) => ['warning', message]));
  const width = Math.max(...rows.map(([label = '']) => label.length)) + 2;
  return rows.map(([label = '', value = '']) => `${label.padEnd(width)}${value}\n`).join('');
}

/** Tells which forecast gave the weather, and its values if it is still the newest. */
function weatherRows(
  { weather_issued_at: issuedAt = '' }: Prediction,
  date: string,
  forecast: Forecast | undefined,
): [string, string][] {
  const isSame = forecast?.issued_at === issuedAt;
  const from = isSame ? ` of ${forecast.provider}` : '';
  const issued = `forecast${from}, issued ${issuedAt.slice(0, 16).replace('T', ' ')} UTC`;
  const day = isSame ? forecast.weather.find((one) => one.date === date.slice(0, 10)) : undefined;
  if (!day) return [['weather', issued]];
  return [
    ['weather', issued],
    [`weather of ${day.date}`, dayWeather(day)],
  ];
}

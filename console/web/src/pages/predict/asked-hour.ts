import { hourToPredict, type FieldProblem } from '../../../../../contracts/hour-to-predict.ts';
import { WEATHER_INPUT_FACTS } from '../../../../../contracts/weather-columns.ts';
import type { Weather } from './queries.ts';

/** Represents an hour and its weather, as the form has them. */
export type Asked = Weather & { readonly date: string; readonly hour: number };

/** Reads the texts of the form. Returns the hour, or at least one problem. */
export function askedOf(
  { date, hour, ...texts }: Readonly<Record<string, string>>,
  metric: boolean,
): Asked | FieldProblem[] {
  const weather = Object.fromEntries(
    WEATHER_INPUT_FACTS.map(({ name }) => [name, valueOf(texts[name])] as const).filter(
      ([, value]) => value !== undefined,
    ),
  );
  // The hour has its own field, so a missing hour is a problem of that field.
  const asked = hourToPredict({ date, hour: valueOf(hour) ?? NaN, weather }, { metric });
  return Array.isArray(asked) ? asked : ({ date: asked.date, hour: asked.hour, ...weather } as Asked);
}

/** Returns the number that a text spells, the text itself if it spells none, or undefined for an empty text. */
function valueOf(text = ''): number | string | undefined {
  if (text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isNaN(value) ? text : value;
}

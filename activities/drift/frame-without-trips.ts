import { daysOf, epochDayOf, monthsOf } from '../../contracts/calendar.ts';
import path from 'node:path';
import { writeFrameFile } from '../../adapters/duckdb/frame-file.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { FRAME_WITHOUT_TRIPS_SCHEMA_VERSION } from '../../contracts/frame.ts';
import type { MonthSpan } from '../../contracts/months.ts';
import type { Place } from '../../contracts/systems.ts';
import { isHoliday } from '../../core/features/holidays.ts';
import { hoursOfMonth } from '../../core/ingest/gate-hours.ts';
import { fillWeather } from '../../core/ingest/weather-fill.ts';
import { factsOf } from '../common/facts-of.ts';
import { calendarKey } from '../common/place-key.ts';
import { readStoredWeather } from '../common/read-weather.ts';
import { withTempDir } from '../common/temp-dir.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import type { DriftActivities } from '../../contracts/activities/drift.ts';

/** Grows when a code change changes the frame for the same weather. */
const STAGE_VERSION = 1;

type Input = Parameters<DriftActivities['frameWithoutTrips']>[0];

export function frameWithoutTrips(deps: ActivityDependencies): DriftActivities['frameWithoutTrips'] {
  return async (input) => {
    const { system, span, weather, synthetic, cache } = input;
    const facts = await factsOf(deps, input);
    const key = {
      system,
      span,
      weather: weather.map(({ ref }) => ref.sha256),
      synthetic,
      stage: STAGE_VERSION,
      ...calendarKey(facts),
    };
    const make = () => makeFrame(deps, facts, input);
    const { value, cached } = await deps.artifacts.cached('frame-without-trips', key, cache, make);
    return { ref: value, cached };
  };
}

async function makeFrame(
  deps: ActivityDependencies,
  place: Place,
  { system, span, weather, synthetic }: Input,
): Promise<ArtifactRef> {
  const observed = [];
  for (const { ref } of weather) {
    observed.push(...(await readStoredWeather(await deps.artifacts.read(ref), ref.uri)));
  }
  const rows = hoursWithWeather(span, observed, place);
  return withTempDir(async (dir) => {
    const file = path.join(dir, 'frame.parquet');
    await writeFrameFile(file, rows);
    return deps.artifacts.write(producerOf('frame', deps.codeVersion), {
      name: `${span.from}_${span.to}-without-trips.parquet`,
      content: { file },
      schemaVersion: FRAME_WITHOUT_TRIPS_SCHEMA_VERSION,
      rows: rows.length,
      inputs: weather.map(({ ref }) => ref),
      parameters: { system, span },
      facts: { withTrips: false },
      synthetic,
    });
  });
}

function hoursWithWeather(span: MonthSpan, observed: Parameters<typeof fillWeather>[0], place: Place) {
  const { firstDay, lastDay } = daysOf(span);
  const byDate = new Map(fillWeather(observed, firstDay, lastDay).map((day) => [day.date, day]));
  return monthsOf(span)
    .flatMap((month) => hoursOfMonth(month, place))
    .map(({ date, hour }) => ({
      ...byDate.get(date)!,
      date,
      hour,
      trips: null,
      holiday: isHoliday(place.holidays, epochDayOf(date)) ? 1 : 0,
    }));
}

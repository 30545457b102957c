import { daysOf, monthsOf } from '../../contracts/calendar.ts';
import path from 'node:path';
import { writeFrameFile } from '../../adapters/duckdb/frame-file.ts';
import { readHoursFiles } from '../../adapters/duckdb/hours-files.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { FRAME_SCHEMA_VERSION, type DatasetManifest } from '../../contracts/frame.ts';
import type { MonthSpan } from '../../contracts/months.ts';
import { fillWeather } from '../../core/ingest/weather-fill.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { readStoredWeather } from '../common/read-weather.ts';
import { withTempDir } from '../common/temp-dir.ts';
import { joinWeather } from './join-weather.ts';
import type { PreprocessActivities } from '../../contracts/activities/preprocess.ts';

/** Grows with changes of the join, the filling of weather or the layout of the frame. */
const STAGE_VERSION = 1;

interface BuiltFrame {
  readonly ref: ArtifactRef;
  readonly filledDays: readonly string[];
}

export function createBuildFrame(deps: ActivityDependencies): PreprocessActivities['buildFrame'] {
  const { artifacts } = deps;
  return async ({ dataset, span, cache }) => {
    const manifest = await artifacts.readJson<DatasetManifest>(dataset);
    const part = ofSpan(manifest, span, dataset);
    const key = {
      version: STAGE_VERSION,
      span,
      months: part.months.map(({ ref }) => ref.sha256),
      weather: part.weather.map(({ ref }) => ref.sha256),
      synthetic: part.synthetic,
    };
    const { value, cached } = await artifacts.cached('frame', key, cache, () =>
      withTempDir((dir) => makeFrame(deps, part, span, dir)),
    );
    return { ...value, cached, synthetic: part.synthetic };
  };
}

/** Returns the manifest with the months of the span, and the weather that they may need. */
function ofSpan(manifest: DatasetManifest, span: MonthSpan, ref: ArtifactRef): DatasetManifest {
  const wanted = monthsOf(span);
  const months = manifest.months.filter(({ month }) => wanted.includes(month));
  const missing = wanted.filter((month) => !months.some((each) => each.month === month));
  if (missing.length > 0) {
    throw new CitibikeError(
      'MISSING_MONTHS',
      `data set ${ref.uri} does not contain ${missing.join(', ')}. Ingest these months, or choose another span`,
      { months: missing },
    );
  }
  const [first, last] = [Number(span.from.slice(0, 4)), Number(span.to.slice(0, 4))];
  const weather = manifest.weather.filter(({ year }) => year >= first - 1 && year <= last);
  return { ...manifest, months, weather };
}

async function makeFrame(
  deps: ActivityDependencies,
  part: DatasetManifest,
  span: MonthSpan,
  dir: string,
): Promise<BuiltFrame> {
  const { artifacts } = deps;
  const files: string[] = [];
  for (const { month, ref } of part.months) {
    const file = path.join(dir, `${month}.parquet`);
    await artifacts.readToFile(ref, file);
    files.push(file);
  }
  const hours = await readHoursFiles(files);
  const observed = [];
  for (const { ref } of part.weather) {
    observed.push(...(await readStoredWeather(await artifacts.read(ref), ref.uri)));
  }
  const { firstDay, lastDay } = daysOf(span);
  const weather = fillWeather(observed, firstDay, lastDay);
  const rows = await joinWeather(hours, weather);
  const file = path.join(dir, 'frame.parquet');
  await writeFrameFile(file, rows);
  const filledDays = weather.filter((day) => day.weather_filled).map((day) => day.date);
  const ref = await artifacts.write(producerOf('frame', deps.codeVersion), {
    name: `${span.from}_${span.to}.parquet`,
    content: { file },
    schemaVersion: FRAME_SCHEMA_VERSION,
    rows: rows.length,
    inputs: [...part.months, ...part.weather].map((each) => each.ref),
    parameters: { system: part.system, rules: part.rules, span },
    facts: {
      trips: rows.reduce((total, row) => total + row.trips, 0),
      filledDays,
      provisional: part.months.filter((each) => each.provisional).map((each) => each.month),
    },
    synthetic: part.synthetic,
  });
  return { ref, filledDays };
}

/** Answers which stations lose and gain bikes, from the month data sets in S3. */
import type { MonthDataset } from '../../contracts/frame.ts';
import { monthDatasetUri } from '../../contracts/hours.ts';
import {
  DEFAULT_STATION_VIEW,
  missingStations,
  WEEKDAY_CLASSES,
  type StationHours,
  type StationMonth,
} from '../../contracts/station-hours.ts';
import { DEFAULT_SYSTEM } from '../../contracts/systems.ts';
import { hoursOfDay, stationFigures } from '../../core/stations/station-figures.ts';
import type { StationsBody, StationsQuery } from './schemas/stations.ts';
import { Cache } from './upstreams/cache.ts';
import type { DatasetMonths } from './upstreams/dataset-months.ts';
import type { StorageSource } from './upstreams/storage.ts';

/** Rules whose rides are shown. */
const RULES = 'seed';
/** Limits the stations of an answer. New York has about 2,200. */
const MOST_STATIONS = 10_000;

/** Reads stations of months; the last few months stay in memory, because their files never change. */
export class StationMonths {
  readonly #storage: Pick<StorageSource, 'dataBucket' | 'json'>;
  readonly #months: Pick<DatasetMonths, 'all'>;
  readonly #stations = new Cache<StationMonth>(Infinity, 4);

  constructor(storage: Pick<StorageSource, 'dataBucket' | 'json'>, months: Pick<DatasetMonths, 'all'>) {
    this.#storage = storage;
    this.#months = months;
  }

  /** @throws CitibikeError SOURCE_NOT_FOUND if the month was never ingested. */
  async answer(query: StationsQuery): Promise<StationsBody> {
    const ingested = (await this.#months.all()).filter(
      ({ rules, state }) => rules === RULES && (state === 'processed' || state === 'provisional'),
    );
    const systems = [...new Set(ingested.map(({ system }) => system))];
    const system = query.system ?? (systems.includes(DEFAULT_SYSTEM) ? DEFAULT_SYSTEM : systems[0]) ?? null;
    const months = ingested.filter((each) => each.system === system).map(({ month }) => month);
    const month = query.month ?? months.at(-1) ?? null;
    const { hour: hourText = String(DEFAULT_STATION_VIEW.hour), weekdays = DEFAULT_STATION_VIEW.weekdays } =
      query;
    const hour = hourText === 'all' ? null : Number(hourText);
    const common = { systems, system, months, month, hour, weekdays, figures: null, chosen: null };
    if (system === null || month === null)
      return { ...common, provisional: false, missing: system && `No month of ${system} is ingested yet.` };
    const uri = monthDatasetUri(this.#storage.dataBucket, { system, rules: RULES, month });
    const dataset = (await this.#storage.json(uri)) as MonthDataset;
    const { stations: ref, provisional } = dataset;
    if (!ref) return { ...common, provisional, missing: missingStations({ ...dataset, system }) };
    const read = () => this.#storage.json(ref.uri) as Promise<StationMonth>;
    const { stations } = await this.#stations.get(ref.uri, read);
    const figures = stationFigures(stations, { month, hour, weekdays });
    const chosen = stations.find(({ id }) => id === query.station);
    return {
      ...common,
      provisional,
      missing: null,
      figures: {
        ...figures,
        byHour: [...figures.byHour],
        stations: figures.stations.slice(0, MOST_STATIONS).map(withPosition),
      },
      chosen: chosen ? chosenBody(chosen, weekdays) : null,
    };
  }
}

/** Copies the position, which the schema has as a list that can change. */
function withPosition<T extends Pick<StationHours, 'position'>>(station: T) {
  return { ...station, position: station.position && [...station.position] };
}

function chosenBody({ id, name, ...counts }: StationHours, weekdays: StationsBody['weekdays']) {
  return { id, name, byHour: hoursOfDay(counts, WEEKDAY_CLASSES[weekdays].days) };
}

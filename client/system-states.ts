/** Reads what the servers know of systems: ingested months, and the champion. */
import { MlflowClient } from '../adapters/mlflow/mlflow-client.ts';
import { ObjectStore } from '../adapters/s3/object-store.ts';
import { allowedAddresses } from '../adapters/sources/allowed-addresses.ts';
import { listSourceEntries } from '../adapters/sources/source.ts';
import { CitibikeError, messageOf } from '../contracts/errors.ts';
import type { Month } from '../contracts/months.ts';
import { storedName } from '../contracts/stored-names.ts';
import { modelOf, type SystemFacts } from '../contracts/systems.ts';
import { tripFileNames } from '../core/ingest/source-names.ts';
import type { Settings } from '../settings.ts';

const ANSWER_MS = 5_000;

/** Represents months in order, or the reason why they are unknown. */
export type KnownMonths = { readonly months: readonly Month[] } | { readonly unknown: string };

export interface SystemState {
  readonly id: string;
  readonly name: string;
  readonly brand: string;
  readonly timeZone: string;
  readonly firstMonth: Month;
  /** Months that the source lists. Absent unless the publisher was asked. */
  readonly available?: KnownMonths;
  readonly ingested: KnownMonths;
  /** True if only synthetic months were ingested. */
  readonly synthetic: boolean;
  readonly model: string;
  /** Version with alias `champion`. Null if there is none, or MLflow does not answer. */
  readonly champion: string | null;
}

/** @param askPublisher lists the source of each system, which needs access to the Internet. */
export async function systemStates(
  settings: Settings,
  systems: readonly SystemFacts[],
  askPublisher: boolean,
): Promise<SystemState[]> {
  const objects = new ObjectStore(settings.s3);
  const mlflow = new MlflowClient({ ...settings.mlflow, attempts: 1 });
  try {
    return await Promise.all(
      systems.map(async (facts): Promise<SystemState> => {
        const model = settings.modelOfAll ?? modelOf(facts);
        const real = await attempt(() => storedMonths(objects, facts.id));
        const isEmpty = 'months' in real && real.months.length === 0;
        const synthetic = isEmpty
          ? await attempt(() => storedMonths(objects, storedName(facts.id, true)))
          : real;
        const onlySynthetic = isEmpty && 'months' in synthetic && synthetic.months.length > 0;
        return {
          id: facts.id,
          name: facts.name,
          brand: facts.brand,
          timeZone: facts.timeZone,
          firstMonth: facts.trips.firstMonth,
          ...(askPublisher && { available: await attempt(() => listedMonths(settings, objects, facts)) }),
          ingested: onlySynthetic ? synthetic : real,
          synthetic: onlySynthetic,
          model,
          champion: await championOf(mlflow, model),
        };
      }),
    );
  } finally {
    objects.close();
  }
}

/** @throws CitibikeError UPSTREAM_UNAVAILABLE after a few seconds, because the clients retry for minutes. */
async function within<T>(reading: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new CitibikeError('UPSTREAM_UNAVAILABLE', 'a server did not answer within 5 s'));
  }, ANSWER_MS);
  try {
    return await Promise.race([reading, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function attempt(read: () => Promise<readonly Month[]>): Promise<KnownMonths> {
  try {
    return { months: await within(read()) };
  } catch (error) {
    return { unknown: messageOf(error) };
  }
}

/** Returns the months that have a data set by any rules. */
async function storedMonths(objects: ObjectStore, folder: string): Promise<Month[]> {
  const prefix = `s3://${objects.buckets.data}/datasets/months/${folder}/`;
  const { folders } = await objects.folder(prefix);
  const months = await Promise.all(folders.map((rules) => objects.folder(rules)));
  const names = months.flatMap((page) => page.folders.map((each) => each.split('/').at(-2)!));
  return [...new Set(names)].sort();
}

async function listedMonths(settings: Settings, objects: ObjectStore, facts: SystemFacts): Promise<Month[]> {
  const source = settings.sources.trips ?? facts.trips.source;
  const { sources } = allowedAddresses({
    sources: { ...settings.sources, trips: source },
    dataBucket: settings.s3.buckets.data,
  });
  const entries = await listSourceEntries(sources.check(source, 'trips.source'), [], { objects });
  const nameIn = tripFileNames(facts);
  return [...new Set(entries.flatMap(({ name }) => nameIn(name)?.months ?? []))].sort();
}

async function championOf(mlflow: MlflowClient, model: string): Promise<string | null> {
  try {
    return (await within(mlflow.getVersionByAlias(model, 'champion'))).version;
  } catch (error) {
    if (error instanceof CitibikeError) return null;
    throw error;
  }
}

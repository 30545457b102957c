/** Workflow `ingest`: fetches months of trips and weather and writes data sets. */
import { Type, type Static } from 'typebox';
import type { ArtifactRef } from '../artifact.ts';
import { Month, MonthSpan } from '../months.ts';
import { RuleSet, Sources, Flag, Cache, AllowMissing } from '../options.ts';
import { DEFAULT_SYSTEM, SystemId } from '../systems.ts';
import type { WeatherSummary } from '../activities/preprocess.ts';
import { YEAR } from '../example-months.ts';
import {
  amount,
  artifactLink,
  counted,
  listed,
  outcome,
  type Outcome,
  type StoredResult,
} from '../outcome.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

export const IngestInput = Type.Object(
  {
    system: SystemId,
    from: Type.String({ ...Month, title: 'first month to ingest' }),
    to: Type.String({ ...Month, title: 'last month to ingest' }),
    also: Type.Optional(
      Type.Array(MonthSpan, {
        title: 'further spans of the same data set',
        maxItems: 8,
        description: 'up to 8 spans of months',
      }),
    ),
    source: Type.Optional(Sources),
    rules: RuleSet,
    allowMissing: AllowMissing,
    requireWeather: Flag(
      false,
      'fail if the weather source lacks a year; otherwise building a frame of its months fails',
    ),
    cache: Cache,
  },
  { additionalProperties: false },
);
export type IngestInput = Static<typeof IngestInput>;

export const contract: WorkflowContract = {
  name: 'ingest',
  title: 'Ingest months',
  description: 'Fetch trip archives and weather, and write one data set per month.',
  input: IngestInput,
  versioning: 'pinned',
  outcome: outcomeOf,
  start: { order: 20, example: { system: DEFAULT_SYSTEM, ...YEAR } },
};

export interface IngestResult {
  readonly dataset: ArtifactRef;
  readonly months: number;
  /** Months that the source lacks, if the input allows missing months. */
  readonly missing: readonly string[];
  /** Months whose next month was not published. That file may contain a few more of their rides. */
  readonly provisional: readonly string[];
  readonly weather: WeatherSummary;
  readonly hours: number;
  readonly trips: number;
  readonly synthetic: boolean;
  readonly cached: boolean;
}

function outcomeOf(result: StoredResult<IngestResult>, { system }: StoredResult<IngestInput>): Outcome {
  const { months = 0, hours, trips, missing, provisional, weather, dataset, synthetic, cached } = result;
  const lacking = missing?.length ? ` The source lacks ${counted(missing.length, 'month')}.` : '';
  const verb = cached ? 'Found' : 'Wrote';
  return outcome(
    `${verb} ${counted(months ?? 0, 'month')}${system ? ` of ${system}` : ''} with ${amount(trips) ?? 'unknown'} trips${cached ? ', unchanged since an earlier run' : ''}.${lacking}`,
    [
      ['months', amount(months)],
      ['trips', amount(trips)],
      ['hours', amount(hours)],
      ['missing at the source', listed(missing)],
      ['provisional', listed(provisional)],
      ['days with filled weather', weather?.filled ? amount(weather.filled) : undefined],
      ['days without weather', weather?.missing ? amount(weather.missing) : undefined],
      ['data', synthetic ? 'synthetic' : undefined],
    ],
    [artifactLink('data set', dataset)],
  );
}

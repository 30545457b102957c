/** Workflow `ingest`: fetches months of trips and weather and makes data sets of them. */
import { Type, type Static } from 'typebox';
import type { ArtifactRef } from '../artifact.ts';
import { Month, MonthSpan } from '../months.ts';
import { System, RuleSet, Sources, Flag } from '../options.ts';
import type { WeatherSummary } from '../activities/preprocess.ts';
import { YEAR } from '../example-months.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

export const IngestInput = Type.Object(
  {
    system: System,
    from: Month,
    to: Month,
    /** Further spans of the same data set. */
    also: Type.Optional(Type.Array(MonthSpan, { maxItems: 8 })),
    source: Type.Optional(Sources),
    rules: RuleSet,
    /** Go on without the months that the source does not have, instead of failing by name. */
    allowMissing: Flag(false),
    /** Fail where the weather source has nothing of a year; otherwise its months are made, and a frame of them is refused later on. */
    requireWeather: Flag(false),
    /** Reuse artifacts already made from the same inputs. */
    cache: Flag(true),
  },
  { additionalProperties: false },
);
export type IngestInput = Static<typeof IngestInput>;

export const contract: WorkflowContract = {
  name: 'ingest',
  title: 'Ingest months',
  description: 'Fetch trip archives and weather, and write one data set per month.',
  input: IngestInput,
  start: { order: 20, example: { system: 'nyc', ...YEAR } },
};

export interface IngestResult {
  readonly dataset: ArtifactRef;
  readonly months: number;
  /** Months the source lacks, where that was allowed. */
  readonly missing: readonly string[];
  /** Months whose follower was not there yet: a few rides may still come. */
  readonly provisional: readonly string[];
  readonly weather: WeatherSummary;
  readonly hours: number;
  readonly trips: number;
  readonly synthetic: boolean;
  readonly cached: boolean;
}

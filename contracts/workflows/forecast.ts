/** Workflow `forecast`: predicts the next seven days from the newest weather forecast. */
import { Type, type Static } from 'typebox';
import type { DemandForecast } from '../demand-forecast.ts';
import { Cache, Flag, ModelName, Seed, SourceUri } from '../options.ts';
import { DEFAULT_SYSTEM, SystemId } from '../systems.ts';
import { amount, outcome, sentence, versionLink, type Outcome, type StoredResult } from '../outcome.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

export const ForecastInput = Type.Object(
  {
    system: SystemId,
    model: Type.Optional(
      Type.String({ ...ModelName, title: 'registered model; default: the model of the system' }),
    ),
    source: Type.Optional(
      Type.String({
        ...SourceUri,
        title: 'address of the weather forecast; default: the setting WEATHER_FORECASTS',
      }),
    ),
    wait: Flag(true, 'try again for 15 minutes while the weather service does not answer'),
    seed: Seed,
    cache: Cache,
  },
  { additionalProperties: false },
);
export type ForecastInput = Static<typeof ForecastInput>;

export const contract: WorkflowContract = {
  name: 'forecast',
  title: 'Forecast the next days',
  description: 'Predict the next seven days with the champion from the newest weather forecast.',
  input: ForecastInput,
  versioning: 'pinned',
  outcome: outcomeOf,
  start: { order: 75, example: { system: DEFAULT_SYSTEM } },
};

/** Represents a run that found nothing to forecast with. */
interface NothingIssued {
  readonly system: string;
  readonly version: null;
  readonly hours: 0;
  readonly written: false;
  readonly kept: false;
  /** Says what is missing. */
  readonly reason: string;
  /** Says why the run could not read a weather forecast. Null if it could. */
  readonly weatherFailure: string | null;
}

/** Represents the issue that is served after the run: a new one, or the kept one. */
export interface IssueResult extends Pick<
  DemandForecast,
  'system' | 'model' | 'version' | 'issuedAt' | 'provider' | 'level'
> {
  /** Number of hours. */
  readonly hours: number;
  /** True if this run wrote the issue. */
  readonly written: boolean;
  /** True if an earlier issue stays in use. */
  readonly kept: boolean;
  /**
   * Says why the issue is kept, why older weather or climatology stands for the newest forecast, and what it lacks. It is null otherwise.
   */
  readonly reason: string | null;
  /** Says why the run could not read a weather forecast. Null if it could. Results of older runs lack it. */
  readonly weatherFailure?: string | null;
}

function outcomeOf(result: StoredResult<IssueResult>): Outcome {
  const { system, model, version, issuedAt, provider, level, hours, kept, reason } = result;
  if (version === null) return outcome(`No forecast was issued: ${reason ?? 'the reason is unknown'}.`, []);
  const what = kept
    ? 'Kept the earlier forecast'
    : `Forecast ${amount(hours) ?? '?'} hours of ${system ?? '?'}`;
  return outcome(
    `${what} with version ${version ?? '?'}. ${sentence(reason ?? '')}`.trim(),
    [
      ['issued', issuedAt && `${issuedAt.slice(0, 16).replace('T', ' ')} UTC`],
      ['weather from', provider],
      ['hours', amount(hours)],
      [
        'level of demand',
        level && `${amount(level.factor)}${level.month ? `, from months up to ${level.month}` : ''}`,
      ],
    ],
    [
      system && model && issuedAt ? { kind: 'forecast', system, model, issuedAt } : undefined,
      versionLink(model, version),
    ],
  );
}

export type ForecastResult = IssueResult | NothingIssued;

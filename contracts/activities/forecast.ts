/** Defines the activities of the stage `forecast`. */
import type { ArtifactRef } from '../artifact.ts';
import type { DemandForecast } from '../demand-forecast.ts';
import type { MonthSpan } from '../months.ts';
import type { StoredRuleSet } from '../stored-names.ts';
import type { SystemFacts, SystemId } from '../systems.ts';
import type { WeatherIssue } from '../weather-forecast.ts';

interface FetchedForecast extends WeatherIssue {
  /** The answer as the service gave it. */
  readonly answer: ArtifactRef;
  /** Number of days that it says something of. */
  readonly days: number;
  /** True if the answer was stored before. */
  readonly cached: boolean;
}

/** Represents an issue of a demand forecast without its hours. */
export interface IssueFacts extends Pick<DemandForecast, 'version' | 'issuedAt' | 'provider' | 'level'> {
  /** Number of hours. */
  readonly hours: number;
}

export interface ForecastPlan {
  readonly model: string;
  /** Champion. */
  readonly version: string;
  /** Time at which the version was champion, ISO 8601. An issue of a version that was chosen later replaces it. */
  readonly chosenAt?: string;
  /** Id of the system, with `-synthetic` appended for versions of synthetic trips. */
  readonly system: string;
  readonly synthetic: boolean;
  /** Rules of the trips that the version predicts. */
  readonly rules: StoredRuleSet;
  /** Newest published months after the training without a gap between them; null if there is none. */
  readonly published: MonthSpan | null;
  /** Weather forecast to issue from; null means climatology. */
  readonly weather: WeatherIssue | null;
  /** Issue that stays in use, because nothing newer can be issued. Null if one is to be issued. */
  readonly kept: IssueFacts | null;
}

interface IssuedForecast extends IssueFacts {
  /** False if the issue of another run stays, which is then the result: of the same version, or of one that was chosen later. */
  readonly written: boolean;
  /** Says what the issue lacks, such as the training data of the version. It is null or undefined if nothing. */
  readonly note?: string | null;
}

export interface ForecastActivities {
  /**
   * Reads the weather forecast of a system, and stores the answer in S3 (`forecasts/{system}/{provider}/{issue time}/`) and its days in
   * Postgres. Both stay. Fails with SOURCE_UNAVAILABLE for passing failures, and with BAD_SETTING if the service requires a contact.
   */
  fetchForecast(input: { system: SystemId; facts: SystemFacts; source?: string }): Promise<FetchedForecast>;
  /** Chooses version, weather and months of the next issue. MODEL_NOT_FOUND if the model has no champion. */
  planForecast(input: {
    system: SystemId;
    facts: SystemFacts;
    model?: string;
    /** Weather that this run fetched; null if the fetch failed. */
    fetched: WeatherIssue | null;
  }): Promise<ForecastPlan>;
  /** Forecasts the next seven days and stores them. A second call for the same weather and version changes nothing. */
  issueForecast(input: {
    facts: SystemFacts;
    plan: Pick<ForecastPlan, 'model' | 'version' | 'chosenAt' | 'system' | 'weather'>;
    /** Start of the run, whose hour is the issue time of climatology. It is in ISO 8601 in UTC. */
    startedAt: string;
    /** Frame of the published months; null without any. */
    publishedFrame: ArtifactRef | null;
    seed: number;
  }): Promise<IssuedForecast>;
  /** Deletes old issues of the demand forecast: all stay for 30 days, then the last of each day. Weather forecasts stay. */
  forgetForecasts(input: Pick<ForecastPlan, 'model' | 'system'>): Promise<{ deleted: number }>;
}

/** Defines the activities of the stage `score`. */
import type { ArtifactRef } from '../artifact.ts';
import type { SystemId } from '../systems.ts';

/** Represents a published month for which a model issued forecasts. */
export interface ForecastMonth {
  readonly model: string;
  /** `YYYY-MM` */
  readonly month: string;
  /** True if it has scores that are newer than all of its issues. */
  readonly scored: boolean;
}

export interface ScoreActivities {
  /** Lists the months of a data set for which forecasts were issued. Most data sets have none. */
  listForecastMonths(input: { dataset: ArtifactRef }): Promise<{ months: readonly ForecastMonth[] }>;
  /**
   * Scores the forecasts of a month by lead day, upserts one row per lead day, and logs them to the MLflow runs of the versions.
   * @returns the number of lead days that have a score.
   */
  scoreForecasts(input: {
    system: SystemId;
    model: string;
    month: string;
    /** Frame of the month. */
    frame: ArtifactRef;
    synthetic: boolean;
  }): Promise<{ leadDays: number }>;
}

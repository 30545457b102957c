/** Warnings of a prediction that goes beyond the data it rests on: API, command line, console and batch files share these codes. */

/** In the order in which a prediction lists them. */
export const WARNING_CODES = ['growth_held', 'weather_outside_training', 'units_suspect'] as const;
export type WarningCode = (typeof WARNING_CODES)[number];

export interface PredictionWarning {
  readonly code: WarningCode;
  readonly message: string;
  /** The input that the warning is about, by its name in the request. */
  readonly field?: string;
}

/** Shared by all predictions without a warning, so that they allocate nothing. */
export const NO_WARNINGS: readonly PredictionWarning[] = Object.freeze([]);

/** Defines the warnings of predictions beyond the training data. API, command line, console and batch files share the codes. */

/** Lists the codes in the order in which a prediction shows them. */
export const WARNING_CODES = ['growth_held', 'weather_outside_training', 'units_suspect'] as const;
export type WarningCode = (typeof WARNING_CODES)[number];

export interface PredictionWarning {
  readonly code: WarningCode;
  readonly message: string;
  /** Name of the input in the request. */
  readonly field?: string;
}

/** Serves all predictions without a warning, so that they allocate nothing. */
export const NO_WARNINGS: readonly PredictionWarning[] = Object.freeze([]);

/** Reads out-of-fold predictions of the training hours. They are the reference of drift checks. */
import { CitibikeError, messageOf } from '../../contracts/errors.ts';

/** Names a file of a model folder, beside MODEL_FILES. */
export const OUT_OF_FOLD_FILE = 'oof.json';

/** Represents columns in trips per hour, with rows in the order of the training frame. */
export interface OutOfFold {
  readonly schemaVersion: 1;
  /** Dates as `YYYY-MM-DD`. */
  readonly date: readonly string[];
  readonly hour: readonly number[];
  readonly prediction: readonly number[];
  /** Null if the model has no interval. */
  readonly lower: readonly (number | null)[];
  readonly upper: readonly (number | null)[];
}

export interface OutOfFoldRow {
  readonly date: string;
  readonly hour: number;
  readonly prediction: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** @throws CitibikeError BAD_MODEL when the content has another layout. */
export function parseOutOfFold(content: Uint8Array): OutOfFoldRow[] {
  let columns: OutOfFold;
  try {
    columns = JSON.parse(new TextDecoder().decode(content)) as OutOfFold;
  } catch (error) {
    throw new CitibikeError(
      'BAD_MODEL',
      `${OUT_OF_FOLD_FILE} is not JSON: ${messageOf(error)}`,
      {},
      { cause: error },
    );
  }
  const { date, hour, prediction, lower, upper } = columns;
  const lengths = [date, hour, prediction, lower, upper].map((column) => column?.length);
  if (
    columns.schemaVersion !== 1 ||
    lengths.some((length) => length === undefined || length !== lengths[0])
  ) {
    throw new CitibikeError(
      'BAD_MODEL',
      `${OUT_OF_FOLD_FILE}: expected five columns of one length in version 1`,
    );
  }
  return date.map((day, i) => ({
    date: day,
    hour: hour[i]!,
    prediction: prediction[i]!,
    lower: lower[i]!,
    upper: upper[i]!,
  }));
}

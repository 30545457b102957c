/** Limits the rows of one request to the prediction service. */
export const MAX_BATCH_ROWS = 10_000;

/** Maximum number of rows in one request to the prediction service. */
export const MAX_BATCH_ROWS = 10_000;

/** What pandas takes for missing in a CSV, so that both count the same. */
export const MISSING_TEXTS: readonly string[] = [
  ...[
    '',
    'NA',
    'N/A',
    '#N/A',
    '#N/A N/A',
    '#NA',
    'n/a',
    '<NA>',
    'NaN',
    'nan',
    '-NaN',
    '-nan',
    'NULL',
    'null',
    'None',
  ],
  ...['1.#IND', '-1.#IND', '1.#QNAN', '-1.#QNAN'],
];

/** Converts values of Postgres to JavaScript exactly, independent of the machine's time zone. */
import pg from 'pg';

const { getTypeParser, setTypeParser } = pg.types;

/** Holds the object ids of types. */
export const TYPES: Readonly<Record<keyof typeof pg.types.builtins, number>> = pg.types.builtins;

/** Represents the rows of a statement as Postgres writes them; columns may share a name. */
export interface TextRows {
  /** `type` is the object id of the type. */
  readonly columns: readonly { readonly name: string; readonly type: number }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Leaves every value as the text that Postgres sends. */
export const TEXTS = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;

/** Fixes the form of texts, which otherwise depends on settings of server, database and role. */
export const TEXT_FORMATS = `SET LOCAL "TimeZone" TO 'UTC'; SET LOCAL "DateStyle" TO 'ISO, MDY'; SET LOCAL "IntervalStyle" TO 'postgres';
  SET LOCAL bytea_output TO 'hex'; SET LOCAL extra_float_digits TO 1`;

const TEXT_ARRAY: number = 1009;

/** Holds the object ids of array types, with the type of their elements. The driver does not name them. */
export const ARRAYS: ReadonlyMap<number, number> = new Map([
  [1000, TYPES.BOOL],
  [1001, TYPES.BYTEA],
  [1003, TYPES.TEXT],
  [1005, TYPES.INT2],
  [1007, TYPES.INT4],
  [TEXT_ARRAY, TYPES.TEXT],
  [1014, TYPES.BPCHAR],
  [1015, TYPES.VARCHAR],
  [1016, TYPES.INT8],
  [1021, TYPES.FLOAT4],
  [1022, TYPES.FLOAT8],
  [1028, TYPES.OID],
  [1115, TYPES.TIMESTAMP],
  [1182, TYPES.DATE],
  [1183, TYPES.TIME],
  [1185, TYPES.TIMESTAMPTZ],
  [1187, TYPES.INTERVAL],
  [1231, TYPES.NUMERIC],
  [1270, TYPES.TIMETZ],
  [199, TYPES.JSON],
  [2951, TYPES.UUID],
  [3807, TYPES.JSONB],
]);

export type TextArray = readonly (string | null | TextArray)[];

/** Splits the text of an array into the texts of its elements. */
export const textArrayOf = getTypeParser(TEXT_ARRAY) as (text: string) => TextArray;

/** Returns a number if it is exact, otherwise the text. */
export function integerOf(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

type IntegerArray = readonly (number | string | null | IntegerArray)[];

function integersOf(elements: TextArray): IntegerArray {
  return elements.map((each) =>
    each === null ? null : typeof each === 'string' ? integerOf(each) : integersOf(each),
  );
}

/** Keeps dates and timestamps without a zone as texts, because the driver would read them in the machine's time zone. */
export function registerValueTypes(): void {
  const asText = (text: string): string => text;
  setTypeParser(TYPES.INT8, integerOf);
  setTypeParser(TYPES.TIMESTAMP, asText);
  setTypeParser(TYPES.DATE, asText);
  for (const [array, element] of ARRAYS) {
    const parser =
      element === TYPES.INT8
        ? (text: string) => integersOf(textArrayOf(text))
        : element === TYPES.TIMESTAMP || element === TYPES.DATE
          ? textArrayOf
          : undefined;
    if (parser) setTypeParser(array, parser);
  }
}

/** `date` counts days from 1970-01-01; values of `uint64` are a BigUint64Array. */
type ParquetType = 'date' | 'int32' | 'int64' | 'uint64' | 'double' | 'text';

export interface ParquetColumn {
  readonly name: string;
  readonly type: ParquetType;
  /** Set if the column may contain nulls. */
  readonly optional?: true;
}

/** Represents values of one column in one row group. */
export type ColumnValues =
  | { readonly kind: 'plain'; readonly values: ArrayLike<number | null> | BigUint64Array }
  | {
      readonly kind: 'dictionary';
      readonly dictionary: readonly (string | number)[];
      readonly indices: Uint32Array;
    };

/** Holds the numbers of parquet's format for physical types, annotations, encodings and page types. */
export const PHYSICAL = { date: 1, int32: 1, int64: 2, uint64: 2, double: 5, text: 6 } as const;
export const CONVERTED = {
  date: 6,
  int32: undefined,
  int64: undefined,
  uint64: 14,
  double: undefined,
  text: 0,
} as const;
export const ENCODING = { plain: 0, rle: 3, rleDictionary: 8 } as const;
export const PAGE = { data: 0, dictionary: 2 } as const;
export const MAGIC = 'PAR1';

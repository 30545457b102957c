/** Describes the columns that are added to a table file. */
import type { DeclaredColumn, TypedCell, TypedRows } from './typed-rows.ts';

export interface AddedColumn {
  readonly name: string;
  readonly as: 'number' | 'text';
}

export interface Annotation {
  readonly reads: readonly DeclaredColumn[];
  readonly adds: readonly AddedColumn[];
  /** @param first number of the first row, from 1. @returns the added cells of each row. */
  readonly annotate: (rows: readonly (readonly TypedCell[])[], first: number) => (readonly TypedCell[])[];
}

/** Receives the rows of an output file. */
export interface TableOutput {
  write(batch: TypedRows, added: readonly (readonly TypedCell[])[]): void;
  /** Writes the remaining rows. */
  finish(): Promise<void> | void;
}

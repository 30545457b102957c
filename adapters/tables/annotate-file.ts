/** Adds columns to a table file, row by row, and keeps every cell that it had. */
import { existsSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { withDuckDb } from '../duckdb/with-duckdb.ts';
import type { Annotation, TableOutput } from './annotation.ts';
import { columnNames } from './column-names.ts';
import { CsvOutput } from './csv-output.ts';
import { ParquetOutput } from './parquet-output.ts';
import { localPath, tableFile, tableFormat, type TableFile } from './table-file.ts';
import { readTypedRows } from './read-typed-rows.ts';

/** Limits the memory of one output: DuckDB fails rather than take the machine's memory. */
const MEMORY_LIMIT = '4GB';

/**
 * Writes the columns of `input` and the added ones to `output`. Cells of CSV keep their text; in parquet output,
 * declared numbers of CSV become numbers. From parquet to parquet, columns keep type and value.
 * @returns the number of rows.
 * @throws CitibikeError INVALID_INPUT if a file cannot be read or written, lacks a column or has an added one already;
 *   the output is then untouched.
 */
export async function annotateFile(input: string, output: string, annotation: Annotation): Promise<number> {
  const source = tableFile(input);
  const [path, format] = [targetOf(output), tableFormat(output)];
  if (format.gzipped) throw invalid(`${output}: expected an output that ends in .csv, .tsv or .parquet`);
  const names = await columnNames(source);
  const taken = annotation.adds.find((added) =>
    names.some((name) => name.toLowerCase() === added.name.toLowerCase()),
  );
  if (taken)
    throw invalid(
      `${input}: it has a column ${taken.name} already, which the output adds: rename or remove it`,
    );
  const partial = `${path}.partial-${process.pid}`;
  try {
    const rows =
      format.format === 'csv'
        ? await fill(
            new CsvOutput(partial, format.delimiter ?? ',', names, annotation.adds),
            source,
            annotation,
          )
        : await withDuckDb(
            async (connection) =>
              fill(
                await ParquetOutput.open(connection, { file: partial, source, names, annotation }),
                source,
                annotation,
              ),
            { memoryLimit: MEMORY_LIMIT },
          );
    renameSync(partial, path);
    return rows;
  } catch (error) {
    rmSync(partial, { force: true });
    if (error instanceof CitibikeError) throw error;
    throw invalid(`${output} cannot be written: ${messageOf(error).split('\n')[0]!}`, error);
  }
}

/** Returns the file behind a link, which stays a link. */
function targetOf(output: string): string {
  const path = localPath(output);
  return existsSync(path) ? realpathSync(path) : path;
}

async function fill(
  output: TableOutput,
  source: TableFile,
  { reads, annotate }: Annotation,
): Promise<number> {
  let rows = 0;
  await readTypedRows(source, {
    columns: reads,
    rows: (batch) => {
      output.write(batch, annotate(batch.rows, batch.first));
      rows += batch.rows.length;
    },
  });
  await output.finish();
  return rows;
}

function invalid(message: string, cause?: unknown): CitibikeError {
  return new CitibikeError('INVALID_INPUT', message, {}, { cause });
}

import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { CitibikeError } from '../../contracts/errors.ts';

export interface DuckDbOptions {
  /** Maximum number of cores; 2 leaves time for the worker's event loop and heartbeats on a small machine. */
  readonly threads?: number;
  /** Size in DuckDB's notation, such as `1GB`. Beyond it DuckDB spills to `spillDir`, or fails without one. */
  readonly memoryLimit?: string;
  readonly spillDir?: string;
}

/** Runs `work` on a private in-memory DuckDB, which is closed afterwards. */
export async function withDuckDb<T>(
  work: (connection: DuckDBConnection) => Promise<T>,
  options: DuckDbOptions = {},
): Promise<T> {
  // Loading the library takes 0.1 s and 70 MB, which callers that need no DuckDB do not pay.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads ?? 2),
    memory_limit: options.memoryLimit ?? '1GB',
    ...(options.spillDir ? { temp_directory: options.spillDir } : {}),
    // DuckDB must not download code at run time.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  try {
    const connection = await instance.connect();
    try {
      // Otherwise casts of times with a zone depend on the TZ of this machine.
      await connection.run("SET TimeZone = 'UTC'");
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/** Quotes a text as an SQL literal, because file names cannot be parameters of COPY. */
export function sqlText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/**
 * Escapes the path of one file to read. DuckDB would treat `[ ] * ?` as patterns, a leading `~` as the home folder and `scheme://`
 * as a service; here they are literal.
 * @throws CitibikeError INVALID_INPUT for a backslash beside one of `[ * ?`, which no pattern of DuckDB matches.
 */
export function sqlPath(file: string): string {
  const absolute = path.resolve(file);
  const pattern = absolute.replace(/[[*?]/g, '[$&]');
  if (pattern === absolute || !absolute.includes('\\')) return sqlText(pattern);
  throw new CitibikeError(
    'INVALID_INPUT',
    `${file}: the path has a backslash and one of [ * ?, expected not both: rename the file or its folder`,
  );
}

/** Runs parameterised queries on one pool per process, and separates connection faults from rejected statements. */
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { timedOutAfter } from '../../contracts/timed-out.ts';
import { registerValueTypes, TEXTS, TEXT_FORMATS, type TextRows } from './value-types.ts';

registerValueTypes();

/** Represents the only capability that most functions need; tests pass fakes. */
export type Queryable = Pick<Database, 'query'>;

export interface DatabaseOptions {
  /** Maximum number of connections; 5 by default. */
  readonly max?: number;
  /** Timeout of a query in milliseconds, after which its connection is closed too; none by default. */
  readonly queryTimeoutMs?: number;
}

export class Database {
  readonly #pool: pg.Pool;
  readonly #queryTimeoutMs: number;

  constructor(connectionString: string, options: DatabaseOptions = {}) {
    this.#queryTimeoutMs = options.queryTimeoutMs ?? 0;
    this.#pool = new pg.Pool({
      connectionString,
      max: options.max ?? 5,
      connectionTimeoutMillis: 5_000,
      query_timeout: options.queryTimeoutMs,
      application_name: 'citibike',
    });
    // A broken idle connection emits here. The next query opens a new one.
    this.#pool.on('error', () => undefined);
  }

  /** Runs a query. @throws CitibikeError UPSTREAM_UNAVAILABLE if Postgres is unreachable, UPSTREAM_REFUSED if it rejects the statement. */
  async query<T extends object = Record<string, unknown>>(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<T[]> {
    try {
      return (await this.#pool.query<T>(sql, [...values])).rows;
    } catch (error) {
      throw this.#catalogued(error);
    }
  }

  /** Checks that Postgres answers. */
  async ping(): Promise<void> {
    await this.query('SELECT 1');
  }

  /** Runs `work` in one transaction, which is rolled back if `work` throws. */
  async transaction<T>(work: (query: Database['query']) => Promise<T>): Promise<T> {
    return this.#onOneConnection(async (client) => {
      try {
        await client.query('BEGIN');
        const result = await work(async <R extends object>(sql: string, values: readonly unknown[] = []) => {
          return (await client.query<R>(sql, [...values])).rows;
        });
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  /**
   * Runs a user's statement in its own transaction. The extended protocol accepts only one statement, so no
   * second one can end the transaction and continue outside it. Values are texts as Postgres sends them, with times
   * in UTC.
   */
  async single(statement: string, mode: 'READ ONLY' | 'READ WRITE'): Promise<TextRows> {
    // The type definitions lack `queryMode`.
    const alone: pg.QueryArrayConfig & { queryMode: 'extended' } = {
      text: statement,
      queryMode: 'extended',
      rowMode: 'array',
      types: TEXTS,
    };
    return this.#onOneConnection(async (client) => {
      try {
        await client.query(`BEGIN ${mode}; ${TEXT_FORMATS}`);
        const { rows, fields } = await client.query<(string | null)[]>(alone);
        await client.query('COMMIT');
        return { columns: fields.map(({ name, dataTypeID: type }) => ({ name, type })), rows };
      } catch (error) {
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  /** Runs a `COPY ... FROM STDIN` of the bytes. @throws like `query`; no row is then written. */
  async copyIn(sql: string, bytes: Uint8Array): Promise<void> {
    await this.#onOneConnection(
      (client) =>
        new Promise<void>((resolve, reject) => {
          client
            .query(copyFrom(sql))
            .on('error', reject)
            .on('finish', () => resolve())
            .end(bytes);
        }),
    );
  }

  async #onOneConnection<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    try {
      const client = await this.#pool.connect();
      let broken: Error | undefined;
      const onError = (error: Error): void => void (broken = error);
      // The pool does not listen for errors of a connection in use, and an unhandled one would end the process.
      client.on('error', onError);
      try {
        return await work(client);
      } finally {
        client.off('error', onError).release(broken);
      }
    } catch (error) {
      throw this.#catalogued(error);
    }
  }

  #catalogued(error: unknown): Error {
    // The driver's message omits the timeout.
    if (!(error instanceof Error) || error.message !== 'Query read timeout') return asCatalogueError(error);
    const message = `Postgres: the query ${timedOutAfter(this.#queryTimeoutMs)}`;
    return new CitibikeError('UPSTREAM_UNAVAILABLE', message, {}, { cause: error });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

function asCatalogueError(error: unknown): Error {
  if (error instanceof CitibikeError) return error;
  const sqlState = (error as { code?: unknown }).code;
  const isSqlState = typeof sqlState === 'string' && /^[0-9A-Z]{5}$/.test(sqlState);
  // Classes 08 (connection), 53 (resources), 57 (shutdown) and 40 (serialisation) are transient.
  const passes = !isSqlState || /^(08|53|57|40)/.test(sqlState);
  return new CitibikeError(
    passes ? 'UPSTREAM_UNAVAILABLE' : 'UPSTREAM_REFUSED',
    `Postgres: ${messageOf(error)}${isSqlState ? ` (SQLSTATE ${sqlState})` : ''}`,
    {},
    { cause: error },
  );
}

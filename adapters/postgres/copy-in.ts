/** `COPY ... FROM STDIN` of bytes that are in memory already, as a query that a client of `pg` runs like any other. */
import type { Socket } from 'node:net';
import type { Connection, Submittable } from 'pg';

export class CopyIn implements Submittable {
  readonly done: Promise<void>;
  readonly #sql: string;
  readonly #pieces: readonly Uint8Array[];
  #settle!: { resolve: () => void; reject: (error: Error) => void };

  constructor(sql: string, pieces: readonly Uint8Array[]) {
    this.#sql = sql;
    this.#pieces = pieces;
    this.done = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
  }

  submit(connection: Connection): void {
    connection.query(this.#sql);
  }

  /** The server is ready to read. All at once: what it refuses it skips up to the end. */
  handleCopyInResponse(connection: CopyConnection): void {
    connection.stream.cork();
    for (const piece of this.#pieces) connection.sendCopyFromChunk(piece);
    connection.endCopyFrom();
    connection.stream.uncork();
  }

  handleCommandComplete(): void {
    // ReadyForQuery follows.
  }

  handleReadyForQuery(): void {
    this.#settle.resolve();
  }

  handleError(error: Error): void {
    this.#settle.reject(error);
  }
}

/** What `pg` has and its types leave out. */
interface CopyConnection {
  readonly stream: Socket;
  sendCopyFromChunk(chunk: Uint8Array): void;
  endCopyFrom(): void;
}

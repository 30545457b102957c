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
    const { stream } = connection;
    stream.cork();
    stream.write(copyDataHeader(this.#pieces));
    for (const piece of this.#pieces) stream.write(piece);
    connection.endCopyFrom();
    stream.uncork();
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

/**
 * Of one CopyData message that holds all pieces (https://www.postgresql.org/docs/18/protocol-message-formats.html). The pieces follow as they
 * are: `pg` would copy each into a larger buffer first.
 */
function copyDataHeader(pieces: readonly Uint8Array[]): Buffer {
  const header = Buffer.from('d\0\0\0\0', 'latin1');
  header.writeInt32BE(
    pieces.reduce((sum, { byteLength }) => sum + byteLength, 4),
    1,
  );
  return header;
}

/** What `pg` has and its types leave out. */
interface CopyConnection {
  readonly stream: Socket;
  endCopyFrom(): void;
}

/**
 * Makes the timers of a workflow due now, in the database of a stopped Temporal dev server, so that they fire at its next start:
 * `node fire-timers.ts DATABASE WORKFLOW_ID`. It imports nothing of the project, because it runs alone in a container.
 */
import { DatabaseSync } from 'node:sqlite';

/** Field of `temporal.server.api.persistence.v1.TimerInfo` with the time at which a timer fires, and of that time with its seconds. */
const [EXPIRY, SECONDS] = [3, 1];

/** Reads a variable-length integer of Protocol Buffers. Returns it and the position behind it. */
function varintAt(bytes: Uint8Array, start: number): [number, number] {
  let [value, at] = [0, start];
  for (let factor = 1; ; factor *= 128) {
    const byte = bytes[at++]!;
    value += (byte & 127) * factor;
    if (byte < 128) return [value, at];
  }
}

/** Returns where a field of a message begins, behind its tag and its length. The fields before it are numbers or texts. */
function fieldAt(bytes: Uint8Array, field: number): number {
  for (let at = 0; at < bytes.length;) {
    const [tag, value] = varintAt(bytes, at);
    const [number, behind] = varintAt(bytes, value);
    const isText = (tag & 7) === 2;
    if (tag >> 3 === field) return isText ? behind : value;
    at = isText ? behind + number : behind;
  }
  throw new Error(`no field ${field} in ${Buffer.from(bytes).toString('hex')}`);
}

/** Returns the encoded seconds at which a timer fires. */
function dueSeconds(timer: Uint8Array): Buffer {
  const start = fieldAt(timer, EXPIRY);
  const seconds = start + fieldAt(timer.subarray(start), SECONDS);
  return Buffer.from(timer.subarray(seconds, varintAt(timer, seconds)[1]));
}

/** Encodes seconds since 1970, which have five bytes until 3058. */
function encoded(seconds: number): Buffer {
  return Buffer.from([0, 1, 2, 3, 4].map((i) => (Math.floor(seconds / 128 ** i) & 127) | (i < 4 ? 128 : 0)));
}

function replaced(bytes: Uint8Array, from: Buffer, to: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  to.copy(copy, copy.indexOf(from));
  return copy;
}

interface Row {
  readonly id: string | number;
  readonly data: Uint8Array;
}

const [file, workflowId] = process.argv.slice(2);
const database = new DatabaseSync(file!);
const now = new Date();
const seconds = encoded(now.getTime() / 1000);
const rows = (sql: string, ...values: string[]): Row[] =>
  database.prepare(sql).all(...values) as unknown as Row[];
let fired = 0;
for (const timer of rows(
  'SELECT timer_id AS id, data FROM timer_info_maps WHERE workflow_id = ?',
  workflowId!,
)) {
  const due = dueSeconds(timer.data);
  database
    .prepare('UPDATE timer_info_maps SET data = ? WHERE workflow_id = ? AND timer_id = ?')
    .run(replaced(timer.data, due, seconds), workflowId!, timer.id);
  for (const task of rows('SELECT task_id AS id, data FROM timer_tasks')) {
    const data = Buffer.from(task.data);
    if (!data.includes(workflowId!) || !data.includes(due)) continue;
    const at = now.toISOString().replace('T', ' ').replace('Z', '+00:00');
    database
      .prepare('UPDATE timer_tasks SET data = ?, visibility_timestamp = ? WHERE task_id = ?')
      .run(replaced(data, due, seconds), at, task.id);
    fired += 1;
  }
}
database.close();
if (fired === 0) throw new Error(`${workflowId} has no timer`);

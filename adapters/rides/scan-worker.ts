/** Scans CSVs and sorts keys in a thread, one job at a time; see ride-workers.ts. */
import { parentPort } from 'node:worker_threads';
import { CitibikeError, framesOf, messageOf } from '../../contracts/errors.ts';
import type { JobMessage, ReplyMessage } from './ride-workers.ts';
import { scanCsv, scanSentLines } from './scan-csv.ts';
import { writeFlowKeys, writeIdKeys } from './write-keys.ts';

/** Sets the inflated bytes between two reports of progress. */
const REPORT_BYTES = 16 * 2 ** 20;

const port = parentPort;
if (!port) throw new Error('scan-worker.ts runs in a thread of ride-workers.ts, not on its own');

port.on('message', (message: JobMessage) => {
  void run(message).then(
    (value) => port.postMessage({ kind: 'done', value } satisfies ReplyMessage),
    (error: unknown) => port.postMessage(failureOf(error)),
  );
});

async function run(message: JobMessage): Promise<unknown> {
  switch (message.kind) {
    case 'scan': {
      let bytes = 0;
      return scanCsv(message.job, (count) => {
        bytes += count;
        if (bytes < REPORT_BYTES) return;
        port!.postMessage({ kind: 'bytes', bytes } satisfies ReplyMessage);
        bytes = 0;
      });
    }
    case 'sentLines':
      return scanSentLines(message.job);
    case 'flows':
      return writeFlowKeys(message.job);
    case 'ids':
      return writeIdKeys(message.job);
  }
}

/** Describes an error as plain data, because errors lose their class between threads. */
function failureOf(error: unknown): ReplyMessage {
  return error instanceof CitibikeError
    ? { kind: 'failed', code: error.code, message: error.message, details: error.details }
    : {
        kind: 'failed',
        code: null,
        message: error instanceof Error ? `${messageOf(error)}\n${framesOf(error)}` : messageOf(error),
        details: {},
      };
}

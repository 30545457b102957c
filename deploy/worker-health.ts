/**
 * Checks the worker in this container: exits with 0 if Temporal has seen it poll within three minutes. A worker has no port, and
 * the container engine should restart a process that no longer polls.
 */
import { hostname } from 'node:os';
import { connectClient } from '../adapters/temporal/temporal-connection.ts';
import { TASK_QUEUE } from '../contracts/task-queues.ts';
import { loadSettings } from '../settings.ts';

/** A poll that finds nothing returns after about a minute. */
const SEEN_WITHIN_SECONDS = 180;

/** `temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY` */
const ACTIVITY_QUEUE = 2;

const { temporal } = loadSettings();
const { client, connection } = await connectClient(temporal);
try {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: temporal.namespace,
    taskQueue: { name: TASK_QUEUE },
    taskQueueType: ACTIVITY_QUEUE,
  });
  const oldest = Date.now() / 1000 - SEEN_WITHIN_SECONDS;
  // The SDK names a worker `pid@host`, and each container has its own host name.
  const seen = (pollers ?? []).some(
    ({ identity, lastAccessTime }) =>
      identity?.endsWith(`@${hostname()}`) && Number(lastAccessTime?.seconds ?? 0) >= oldest,
  );
  if (!seen) {
    process.stderr.write(
      `Temporal has not seen ${hostname()} poll ${TASK_QUEUE} for ${SEEN_WITHIN_SECONDS} s\n`,
    );
    process.exitCode = 1;
  }
} finally {
  await connection.close();
}

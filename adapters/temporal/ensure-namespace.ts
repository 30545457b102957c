/** Creates the namespace and its search attributes on a Temporal server of one's own, where they are missing. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { messageOf } from '../../contracts/errors.ts';

/** Sets the time after which closed workflows are deleted. */
const RETENTION = '30 days';

/** `temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD` */
const KEYWORD = 2;

/** Holds the gRPC status codes. */
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;

/** A server knows a new namespace in all its roles after at most 10 s. */
const VISIBLE_WITHIN_MS = 30_000;

/**
 * Creates the namespace with a retention of 30 days, and adds missing search attributes. An existing namespace keeps its retention.
 * @param attributes names of search attributes, which become keywords.
 */
export async function ensureNamespace(
  connection: Connection,
  namespace: string,
  attributes: readonly string[],
): Promise<void> {
  const { workflowService } = connection;
  try {
    await workflowService.describeNamespace({ namespace });
  } catch (error) {
    if (codeOf(error) !== NOT_FOUND) throw error;
    await workflowService
      .registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs(RETENTION) })
      .catch(ignoreExisting);
  }
  const known = await whenVisible(() => searchAttributesOf(connection, namespace));
  const missing = attributes.filter((name) => !known.includes(name));
  if (missing.length === 0) return;
  await connection.operatorService
    .addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
    })
    .catch(ignoreExisting);
}

async function searchAttributesOf(connection: Connection, namespace: string): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return Object.keys(customAttributes ?? {});
}

/** Repeats a call until the server knows the new namespace. */
async function whenVisible<T>(call: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + VISIBLE_WITHIN_MS;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const isNew = codeOf(error) === NOT_FOUND || /namespace.*not found/i.test(messageOf(error));
      if (!isNew || Date.now() > deadline) throw error;
      await sleep(500);
    }
  }
}

/** Ignores that another `provision` was faster. */
function ignoreExisting(error: unknown): void {
  if (codeOf(error) !== ALREADY_EXISTS) throw error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

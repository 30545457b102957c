import type { Info } from '@temporalio/activity';

/** Applies if an activity has no heartbeat timeout, for example in a unit test. */
const DEFAULT_MS = 4_000;

/** Returns how often an activity heartbeats: four times within its heartbeat timeout, so that one late heartbeat is harmless. */
export function keepAliveMs({ heartbeatTimeoutMs }: Pick<Info, 'heartbeatTimeoutMs'>): number {
  return heartbeatTimeoutMs ? heartbeatTimeoutMs / 4 : DEFAULT_MS;
}

import type { RunBody } from '../../../console/api/schemas/runs.ts';

/** Returns a completed ingest, with the given fields instead. */
export function runOf(fields: Partial<RunBody>): RunBody {
  return {
    workflowId: 'ingest-1',
    runId: fields.workflowId ?? 'run-1',
    type: 'ingest',
    state: 'completed',
    startedAt: '2026-11-30T10:00:00Z',
    closedAt: '2026-11-30T10:05:00Z',
    durationMs: 300_000,
    parentId: null,
    source: 'temporal',
    ...fields,
  };
}

import { useQuery } from '@tanstack/react-query';
import type { Run, Step } from '../../api/bodies.ts';
import { api, bodyOf } from '../../api/api-client.ts';

/** Asks for one step with its input and output, which the answer for a long run omits. */
export const useStep = ({ workflowId, runId }: Run, step: string, enabled: boolean) =>
  useQuery({
    queryKey: ['run', workflowId, runId, 'step', step],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/api/runs/{workflowId}/steps/{step}', {
          signal,
          params: { path: { workflowId, step }, query: { runId } },
        }),
      ),
    enabled,
  });

export const useStepLog = ({ workflowId, runId }: Run, { id, attempt }: Step) =>
  useQuery({
    queryKey: ['run', workflowId, runId, 'log', id, attempt],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/api/runs/{workflowId}/logs', {
          signal,
          parseAs: 'text',
          params: { path: { workflowId }, query: { step: id, runId } },
        }),
      ),
  });

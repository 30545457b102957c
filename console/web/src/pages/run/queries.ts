import { useQuery } from '@tanstack/react-query';
import type { Run } from '../../api/bodies.ts';
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

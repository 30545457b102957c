import { keepPreviousData, useQuery } from '@tanstack/react-query';
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

/** Sets the bytes at the end of the log of a run that the page shows. */
const SHOWN_LOG_BYTES = 100_000;
const LOG_POLL_MS = 2_000;

/** Reads the end of the log of all steps, again and again while the run continues. */
export const useRunLog = ({ workflowId, runId, state }: Run, enabled: boolean) =>
  useQuery({
    queryKey: ['run', workflowId, runId, 'log of all steps', state],
    queryFn: ({ signal }): Promise<string> =>
      bodyOf(
        api.GET('/api/runs/{workflowId}/logs', {
          signal,
          parseAs: 'text',
          params: { path: { workflowId }, query: { runId, last: SHOWN_LOG_BYTES } },
        }),
      ),
    enabled,
    placeholderData: keepPreviousData,
    refetchInterval: state === 'running' ? LOG_POLL_MS : false,
  });

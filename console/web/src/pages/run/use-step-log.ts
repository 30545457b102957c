import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { LogPage, Run, Step } from '../../api/bodies.ts';
import { api, bodyOf } from '../../api/api-client.ts';
import { ApiProblem } from '../../api/problem.ts';
import { isComplete, queryOfNewer, queryOfOlder, withNewer, type LogPages } from './log-pages.ts';

/** The worker writes a line within 300 ms, so this interval shows it within 2 s. */
const POLL_MS = 1_000;
/** Sets the time in ms after a step's end in which the worker may still write its last lines. */
const SETTLES_MS = 5_000;
/** Limits the number of pages per poll, so that a fast log does not block the page. */
const MOST_PAGES = 8;

/** Follows the log of a step while it runs. `older` loads the lines before the shown ones. */
export function useStepLog({ workflowId, runId }: Run, { id, closedAt }: Step) {
  const queries = useQueryClient();
  const queryKey = ['run', workflowId, runId, 'log', id];
  const read = async (
    query: { attempt?: number; from?: number; before?: number },
    signal?: AbortSignal,
  ): Promise<LogPage> => {
    const { data } = await bodyOf(
      api.GET('/api/runs/{workflowId}/steps/{step}/log', {
        ...(signal && { signal }),
        params: { path: { workflowId, step: id }, query: { ...query, runId } },
      }),
    );
    if (data === null) throw new ApiProblem(503, 'S3, which has the logs, does not answer.');
    return data;
  };
  const log = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      let pages = queries.getQueryData<LogPages>(queryKey) ?? [];
      for (let count = 0; count === 0 || (count < MOST_PAGES && !isComplete(pages)); count += 1)
        pages = withNewer(pages, await read(queryOfNewer(pages), signal));
      return pages;
    },
    refetchInterval: ({ state }) =>
      closedAt === undefined || state.dataUpdatedAt < Date.parse(closedAt) + SETTLES_MS ? POLL_MS : false,
  });
  const older = useMutation({
    mutationFn: async () => {
      const query = queryOfOlder(log.data ?? []);
      if (!query) return;
      const page = await read(query);
      queries.setQueryData<LogPages>(queryKey, (pages = []) => [page, ...pages]);
    },
  });
  return { log, older, hasOlder: queryOfOlder(log.data ?? []) !== undefined };
}

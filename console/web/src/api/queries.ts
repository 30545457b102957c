/** Defines the queries that more than one page uses. The first word of a key is what server-sent events mark as stale (live.ts). */
import { keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { paths } from '../api-types.d.ts';
import { api, bodyOf } from './api-client.ts';
import { refetchAfter } from './refetch-interval.ts';

type QueryOf<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Q } } }
  ? NonNullable<Q>
  : never;

export const useStatus = () =>
  useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/status', { signal })),
    refetchInterval: refetchAfter(15_000),
  });

type RunFilters = Omit<QueryOf<'/api/runs'>, 'cursor' | 'limit'>;

export const useRuns = (filters: RunFilters, limit = 50) =>
  useInfiniteQuery({
    queryKey: ['runs', filters, limit],
    queryFn: ({ signal, pageParam }) =>
      bodyOf(
        api.GET('/api/runs', {
          signal,
          params: { query: { ...filters, limit, cursor: pageParam } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ data }) => data.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: refetchAfter(30_000),
  });

/** @param runId undefined selects the newest run of the id. */
export const useRun = (workflowId: string, runId: string | undefined) =>
  useQuery({
    queryKey: ['run', workflowId, runId],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/api/runs/{workflowId}', {
          signal,
          params: { path: { workflowId }, query: runId ? { runId } : {} },
        }),
      ),
    refetchInterval: (query) =>
      refetchAfter(query.state.data?.data?.run.state === 'running' ? 3_000 : false)(query),
  });

export const useWorkflowTypes = () =>
  useQuery({
    queryKey: ['workflow-types'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/workflow-types', { signal })),
    staleTime: Infinity,
  });

export const useSystems = () =>
  useQuery({
    queryKey: ['systems'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/systems', { signal })),
    staleTime: 60_000,
  });

/** @param system empty for the served model. @param issuedAt empty for the newest issue. */
export const useForecast = (system = '', issuedAt = '') =>
  useQuery({
    queryKey: ['forecast', system, issuedAt],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/api/forecast', {
          signal,
          params: { query: { ...(system ? { system } : {}), ...(issuedAt ? { issuedAt } : {}) } },
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: refetchAfter(60_000),
  });

export const experimentQuery = (runId: string) =>
  queryOptions({
    queryKey: ['experiments', runId],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/experiments/{runId}', { signal, params: { path: { runId } } })),
    refetchInterval: (query) =>
      refetchAfter(query.state.data?.data?.run.status === 'RUNNING' ? 5_000 : false)(query),
  });

export const useModel = (name: string) =>
  useInfiniteQuery({
    queryKey: ['models', name],
    queryFn: ({ signal, pageParam }) =>
      bodyOf(
        api.GET('/api/models/{name}', {
          signal,
          params: { path: { name }, query: { limit: 50, cursor: pageParam } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ data }) => data.nextCursor ?? undefined,
    refetchInterval: refetchAfter(30_000),
  });

export const versionQuery = (name: string, version: string) =>
  queryOptions({
    queryKey: ['models', name, version],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/api/models/{name}/versions/{version}', { signal, params: { path: { name, version } } }),
      ),
    refetchInterval: refetchAfter(30_000),
  });

export const useSchedules = () =>
  useQuery({
    queryKey: ['schedules'],
    queryFn: async ({ signal, client, queryKey }) => {
      const answer = await bodyOf(api.GET('/api/schedules', { signal }));
      // While Temporal does not answer, the last list stays, so that no open dialog or form disappears.
      const before = client.getQueryData<typeof answer>(queryKey);
      return answer.data.items === null && before ? { ...answer, data: before.data } : answer;
    },
    refetchInterval: refetchAfter(30_000),
  });

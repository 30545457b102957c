/** What the pages ask for. The first word of a key is what server-sent events call stale (live.ts). */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { paths } from '../api-types.d.ts';
import { api, bodyOf } from './client.ts';

type QueryOf<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Q } } }
  ? NonNullable<Q>
  : never;

export const useStatus = () =>
  useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/status', { signal })),
    refetchInterval: 15_000,
  });

export const useOverview = () =>
  useQuery({
    queryKey: ['overview'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/overview', { signal })),
    refetchInterval: 30_000,
  });

export type RunFilters = Omit<QueryOf<'/api/runs'>, 'cursor' | 'limit'>;

export const useRuns = (filters: RunFilters, limit = 50) =>
  useInfiniteQuery({
    queryKey: ['runs', filters, limit],
    queryFn: ({ signal, pageParam }) =>
      bodyOf(
        api.GET('/api/runs', {
          signal,
          params: { query: { ...filters, limit, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ data }) => data.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });

/** @param runId undefined: the newest run of the id. */
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
    refetchInterval: (query) => (query.state.data?.data?.run.state === 'running' ? 3_000 : false),
  });

export const useWorkflowTypes = () =>
  useQuery({
    queryKey: ['workflow-types'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/workflow-types', { signal })),
    staleTime: Infinity,
  });

export const useData = () =>
  useQuery({
    queryKey: ['data'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/data', { signal })),
  });

export const useMonth = (path: { system: string; rules: string; month: string }) =>
  useQuery({
    queryKey: ['data', path],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/data/{system}/{rules}/{month}', { signal, params: { path } })),
  });

export const useFolder = (bucket: string | undefined, prefix: string) =>
  useInfiniteQuery({
    queryKey: ['artifacts', 'folder', bucket, prefix],
    queryFn: ({ signal, pageParam }) =>
      bodyOf(
        api.GET('/api/artifacts', {
          signal,
          params: {
            query: { ...(bucket ? { bucket } : {}), prefix, ...(pageParam ? { cursor: pageParam } : {}) },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ data }) => data.nextCursor ?? undefined,
  });

export const useManifest = (uri: string) =>
  useQuery({
    queryKey: ['artifacts', 'manifest', uri],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/artifacts/manifest', { signal, params: { query: { uri } } })),
  });

export type Direction = 'up' | 'down' | 'both';

export const useLineage = (uri: string, direction: Direction, depth: number) =>
  useQuery({
    queryKey: ['artifacts', 'lineage', uri, direction, depth],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/artifacts/lineage', { signal, params: { query: { uri, direction, depth } } })),
    placeholderData: keepPreviousData,
  });

export const useModels = () =>
  useQuery({
    queryKey: ['models'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/models', { signal })),
  });

export const useModel = (name: string) =>
  useInfiniteQuery({
    queryKey: ['models', name],
    queryFn: ({ signal, pageParam }) =>
      bodyOf(
        api.GET('/api/models/{name}', {
          signal,
          params: { path: { name }, query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ data }) => data.nextCursor ?? undefined,
    refetchInterval: 30_000,
  });

export const useVersion = (name: string, version: string) =>
  useQuery({
    queryKey: ['models', name, version],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/api/models/{name}/versions/{version}', { signal, params: { path: { name, version } } }),
      ),
  });

export const useComparison = (name: string, a: string, b: string) =>
  useQuery({
    queryKey: ['models', name, 'compare', a, b],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/models/{name}/compare', { signal, params: { path: { name }, query: { a, b } } })),
    enabled: a !== '' && b !== '',
  });

export type ExperimentSort = { readonly by: string; readonly order: 'asc' | 'desc' };

export const useExperiments = (sort: ExperimentSort, q: string) =>
  useInfiniteQuery({
    queryKey: ['experiments', sort, q],
    queryFn: ({ signal, pageParam }) =>
      bodyOf(
        api.GET('/api/experiments', {
          signal,
          params: {
            query: {
              sort: sort.by,
              order: sort.order,
              limit: 50,
              ...(q ? { q } : {}),
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ data }) => data.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

export const useExperiment = (runId: string) =>
  useQuery({
    queryKey: ['experiments', runId],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/experiments/{runId}', { signal, params: { path: { runId } } })),
  });

export const useDrift = (system: string | undefined, model: string | undefined) =>
  useQuery({
    queryKey: ['drift', system, model],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/api/drift', {
          signal,
          params: { query: { ...(system ? { system } : {}), ...(model ? { model } : {}) } },
        }),
      ),
    placeholderData: keepPreviousData,
  });

/** @param reportUri of a check; undefined: nothing is asked. */
export const useHistograms = (reportUri: string | undefined) =>
  useQuery({
    queryKey: ['drift', 'histograms', reportUri],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/drift/histograms', { signal, params: { query: { uri: reportUri ?? '' } } })),
    enabled: reportUri !== undefined,
    // Reports are kept under their digest.
    staleTime: 600_000,
  });

export const useSchedules = () =>
  useQuery({
    queryKey: ['schedules'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/schedules', { signal })),
    refetchInterval: 30_000,
  });

export const useAudit = () =>
  useQuery({
    queryKey: ['audit'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/audit', { signal, params: { query: { limit: 50 } } })),
  });

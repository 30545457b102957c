import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api-client.ts';
import { refetchAfter } from '../../api/refetch-interval.ts';

/** @param system empty for all runs and the served model. */
export const useOverview = (system: string) =>
  useQuery({
    queryKey: ['overview', system],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/overview', { signal, params: { query: system ? { system } : {} } })),
    refetchInterval: refetchAfter(30_000),
  });

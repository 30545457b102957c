import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api-client.ts';

/** @param system empty for all runs and the served model. */
export const useOverview = (system: string) =>
  useQuery({
    queryKey: ['overview', system],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/overview', { signal, params: { query: system ? { system } : {} } })),
    refetchInterval: 30_000,
  });

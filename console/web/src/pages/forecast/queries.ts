import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api-client.ts';
import { refetchAfter } from '../../api/refetch-interval.ts';

/** @param system empty for the served model. */
export const useForecastScores = (system: string) =>
  useQuery({
    queryKey: ['forecast', 'scores', system],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/forecast/scores', { signal, params: { query: system ? { system } : {} } })),
    refetchInterval: refetchAfter(60_000),
  });

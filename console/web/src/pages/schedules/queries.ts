import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api-client.ts';
import { refetchAfter } from '../../api/refetch-interval.ts';

export const useSchedules = () =>
  useQuery({
    queryKey: ['schedules'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/schedules', { signal })),
    refetchInterval: refetchAfter(30_000),
  });

export const useAudit = () =>
  useQuery({
    queryKey: ['audit'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/audit', { signal, params: { query: { limit: 50 } } })),
  });

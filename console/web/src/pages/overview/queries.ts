import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api-client.ts';

export const useOverview = () =>
  useQuery({
    queryKey: ['overview'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/overview', { signal })),
    refetchInterval: 30_000,
  });

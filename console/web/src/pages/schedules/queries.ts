import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api-client.ts';

export const useAudit = () =>
  useQuery({
    queryKey: ['audit'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/audit', { signal, params: { query: { limit: 50 } } })),
  });

import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api-client.ts';

export const useData = () =>
  useQuery({
    queryKey: ['data'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/data', { signal })),
  });

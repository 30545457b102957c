import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api-client.ts';

export const useModels = () =>
  useQuery({
    queryKey: ['models'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/models', { signal })),
  });

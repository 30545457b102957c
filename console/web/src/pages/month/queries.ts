import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api-client.ts';

export const useMonth = (path: { system: string; rules: string; month: string }) =>
  useQuery({
    queryKey: ['data', path],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/data/{system}/{rules}/{month}', { signal, params: { path } })),
  });

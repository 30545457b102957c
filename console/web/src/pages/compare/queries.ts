import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api-client.ts';

export const useComparison = (name: string, a: string, b: string) =>
  useQuery({
    queryKey: ['models', name, 'compare', a, b],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/models/{name}/compare', { signal, params: { path: { name }, query: { a, b } } })),
    enabled: a !== '' && b !== '',
  });

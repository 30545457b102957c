import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api-client.ts';

export const useVersion = (name: string, version: string) =>
  useQuery({
    queryKey: ['models', name, version],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/api/models/{name}/versions/{version}', { signal, params: { path: { name, version } } }),
      ),
  });

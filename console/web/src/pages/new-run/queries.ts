import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api-client.ts';

/** @param search workflow id or MLflow run of a search, or MLflow run of a trial. */
export const useTrainingFromSearch = (search: string) =>
  useQuery({
    queryKey: ['training-input', search],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/searches/{id}/training-input', { signal, params: { path: { id: search } } })),
    staleTime: Infinity,
  });

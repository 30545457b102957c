import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api-client.ts';

export const useExperiment = (runId: string) =>
  useQuery({
    queryKey: ['experiments', runId],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/experiments/{runId}', { signal, params: { path: { runId } } })),
  });

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api-client.ts';

export const useDrift = (system: string | undefined, model: string | undefined) =>
  useQuery({
    queryKey: ['drift', system, model],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/api/drift', {
          signal,
          params: { query: { system, model } },
        }),
      ),
    placeholderData: keepPreviousData,
  });

/** @param reportUri report of a check; undefined disables the query. */
export const useHistograms = (reportUri: string | undefined) =>
  useQuery({
    queryKey: ['drift', 'histograms', reportUri],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/drift/histograms', { signal, params: { query: { uri: reportUri ?? '' } } })),
    enabled: reportUri !== undefined,
    // Reports are stored under their digest, so they never change.
    staleTime: 600_000,
  });

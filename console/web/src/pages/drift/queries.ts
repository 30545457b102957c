import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/client.ts';

export const useDrift = (system: string | undefined, model: string | undefined) =>
  useQuery({
    queryKey: ['drift', system, model],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/api/drift', {
          signal,
          params: { query: { ...(system ? { system } : {}), ...(model ? { model } : {}) } },
        }),
      ),
    placeholderData: keepPreviousData,
  });

/** @param reportUri of a check; undefined: nothing is asked. */
export const useHistograms = (reportUri: string | undefined) =>
  useQuery({
    queryKey: ['drift', 'histograms', reportUri],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/drift/histograms', { signal, params: { query: { uri: reportUri ?? '' } } })),
    enabled: reportUri !== undefined,
    // Reports are kept under their digest.
    staleTime: 600_000,
  });

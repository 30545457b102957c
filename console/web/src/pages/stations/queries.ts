import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api-client.ts';
import type { paths } from '../../api-types.d.ts';

type StationsQuery = NonNullable<paths['/api/stations']['get']['parameters']['query']>;

/** Reads the stations of a view. The last answer stays visible while the next one loads. */
export const useStations = (view: StationsQuery) =>
  useQuery({
    queryKey: ['stations', view],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/stations', { signal, params: { query: view } })),
    placeholderData: keepPreviousData,
  });

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api-client.ts';

type ExperimentSort = { readonly by: string; readonly order: 'asc' | 'desc' };

export const useExperiments = (sort: ExperimentSort, q: string) =>
  useInfiniteQuery({
    queryKey: ['experiments', sort, q],
    queryFn: ({ signal, pageParam }) =>
      bodyOf(
        api.GET('/api/experiments', {
          signal,
          params: {
            query: {
              sort: sort.by,
              order: sort.order,
              limit: 50,
              q,
              // A name filter also finds trials, which are otherwise listed below their search.
              topLevel: q === '',
              cursor: pageParam,
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ data }) => data.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api-client.ts';

export const useFolder = (bucket: string | undefined, prefix: string) =>
  useInfiniteQuery({
    queryKey: ['artifacts', 'folder', bucket, prefix],
    queryFn: ({ signal, pageParam }) =>
      bodyOf(
        api.GET('/api/artifacts', {
          signal,
          params: {
            query: { bucket, prefix, cursor: pageParam },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ data }) => data.nextCursor ?? undefined,
  });

export const useManifest = (uri: string) =>
  useQuery({
    queryKey: ['artifacts', 'manifest', uri],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/artifacts/manifest', { signal, params: { query: { uri } } })),
  });

export type Direction = 'up' | 'down' | 'both';

export const useLineage = (uri: string, direction: Direction, depth: number) =>
  useQuery({
    queryKey: ['artifacts', 'lineage', uri, direction, depth],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/artifacts/lineage', { signal, params: { query: { uri, direction, depth } } })),
    placeholderData: keepPreviousData,
  });

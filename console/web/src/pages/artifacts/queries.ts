import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { paths } from '../../api-types.d.ts';
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

type DataOf<Path extends '/api/artifacts/preview' | '/api/artifacts/lineage'> = NonNullable<
  paths[Path]['get']['responses'][200]['content']['application/json']['data']
>;
export type PreviewBody = DataOf<'/api/artifacts/preview'>;
export type PreviewTable = NonNullable<PreviewBody['table']>;
/** The generated types have pairs as lists of texts. */
export type Lineage = Omit<DataOf<'/api/artifacts/lineage'>, 'edges'> & {
  readonly edges: readonly (readonly string[])[];
};

export const usePreview = (uri: string) =>
  useQuery({
    queryKey: ['artifacts', 'preview', uri],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/artifacts/preview', { signal, params: { query: { uri } } })),
    staleTime: Infinity,
  });

export const useArtifactSearch = (step: string, q: string) =>
  useInfiniteQuery({
    queryKey: ['artifacts', 'search', step, q],
    queryFn: ({ signal, pageParam }) =>
      bodyOf(
        api.GET('/api/artifacts/search', {
          signal,
          params: { query: { ...(step ? { step } : {}), q, cursor: pageParam } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ data }) => data.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

interface PagedQuery {
  readonly hasNextPage: boolean;
  fetchNextPage(): Promise<unknown>;
}

/** Offers the next page of a list; shows nothing after the last one. */
export function LoadMore({ query }: { readonly query: PagedQuery }) {
  if (!query.hasNextPage) return null;
  return (
    <button type="button" className="button" onClick={() => void query.fetchNextPage()}>
      Load more
    </button>
  );
}

import { useEffect, useState, type ComponentType } from 'react';
import type { PageRoute } from './page-route.ts';
import { Loading } from './ui/panel.tsx';

/**
 * Returns a component that loads the page and shows it at once. React's `lazy` would show it 0.3 s after its fallback at the
 * earliest, and the page asks for its data only then.
 */
export function loadedPage(load: PageRoute['load']): ComponentType {
  let page: ComponentType | undefined;
  return function LoadedPage() {
    const [Page, setPage] = useState(() => page);
    const [failure, setFailure] = useState<Error>();
    useEffect(() => {
      if (page) return;
      load().then(
        (loaded) => {
          page = loaded;
          setPage(() => loaded);
        },
        (error: unknown) => setFailure(error instanceof Error ? error : new Error(String(error))),
      );
    }, []);
    // The boundary around the pages shows it.
    if (failure) throw failure;
    return Page ? <Page /> : <Loading what="the page" />;
  };
}

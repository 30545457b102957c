/** Collects the pages of the console and its navigation from the folders of `pages/`. */
import { loadedPage } from './loaded-page.tsx';
import type { PageRoute } from './page-route.ts';

const modules = import.meta.glob<{ readonly route: PageRoute }>('./pages/*/route.ts', { eager: true });
const routes = Object.values(modules).map(({ route }) => route);

export const PAGES = routes.map(({ path, load }) => ({
  path,
  Page: loadedPage(load),
}));

export const MENU = routes
  .flatMap(({ path, menu }) => (menu ? [{ path, ...menu }] : []))
  .sort((a, b) => a.position - b.position);

/** Returns the path of the menu entry that an address belongs to. */
export function sectionOf(address: string): string {
  const route = routes.find(({ path }) => path === address);
  return route?.section ?? `/${address.split('/')[1] ?? ''}`;
}

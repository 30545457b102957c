import type { ComponentType } from 'react';

/** Tells the console about one page. Each folder of `pages/` exports one as `route` from its `route.ts`. */
export interface PageRoute {
  /** Address as a pattern of wouter, such as `/runs/:id`. */
  readonly path: string;
  /** Returns the page, whose code the browser loads on the first visit. */
  readonly load: () => Promise<ComponentType>;
  /** Puts the page into the navigation. Positions sort the entries. */
  readonly menu?: { readonly label: string; readonly position: number };
  /** Path of the menu entry that the page belongs to, where the first part of its own path does not name it. */
  readonly section?: string;
}

import type { PageRoute } from '../../page-route.ts';

export const route: PageRoute = {
  path: '/models/:name/compare',
  load: async () => (await import('./compare.tsx')).Compare,
};

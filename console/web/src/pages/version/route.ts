import type { PageRoute } from '../../page-route.ts';

export const route: PageRoute = {
  path: '/models/:name/versions/:version',
  load: async () => (await import('./version.tsx')).Version,
};

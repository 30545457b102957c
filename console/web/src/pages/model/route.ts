import type { PageRoute } from '../../page-route.ts';

export const route: PageRoute = {
  path: '/models/:name',
  load: async () => (await import('./model.tsx')).Model,
};

import type { PageRoute } from '../../page-route.ts';

export const route: PageRoute = {
  path: '/runs/:id',
  load: async () => (await import('./run.tsx')).Run,
};

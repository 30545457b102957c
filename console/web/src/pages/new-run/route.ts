import type { PageRoute } from '../../page-route.ts';

export const route: PageRoute = {
  path: '/new-run',
  section: '/runs',
  load: async () => (await import('./new-run.tsx')).NewRun,
};

import type { PageRoute } from '../../page-route.ts';

export const route: PageRoute = {
  path: '/compare-experiments',
  section: '/experiments',
  load: async () => (await import('./compare-experiments.tsx')).CompareExperiments,
};

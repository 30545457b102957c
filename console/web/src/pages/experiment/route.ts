import type { PageRoute } from '../../page-route.ts';

export const route: PageRoute = {
  path: '/experiments/:id',
  load: async () => (await import('./experiment.tsx')).Experiment,
};

import type { PageRoute } from '../../page-route.ts';

export const route: PageRoute = {
  path: '/experiments',
  menu: { label: 'Experiments', position: 60 },
  load: async () => (await import('./experiments.tsx')).Experiments,
};

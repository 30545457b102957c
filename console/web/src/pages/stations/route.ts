import type { PageRoute } from '../../page-route.ts';

export const route: PageRoute = {
  path: '/stations',
  menu: { label: 'Stations', position: 35 },
  load: async () => (await import('./stations.tsx')).Stations,
};

import type { PageRoute } from '../../page-route.ts';

export const route: PageRoute = {
  path: '/runs',
  menu: { label: 'Runs', position: 20 },
  load: async () => (await import('./runs.tsx')).Runs,
};

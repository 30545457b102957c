import type { PageRoute } from '../../page-route.ts';

export const route: PageRoute = {
  path: '/drift',
  menu: { label: 'Drift', position: 70 },
  load: async () => (await import('./drift.tsx')).Drift,
};

import type { PageRoute } from '../../page-route.ts';

export const route: PageRoute = {
  path: '/artifacts',
  menu: { label: 'Artifacts', position: 40 },
  load: async () => (await import('./artifacts.tsx')).Artifacts,
};

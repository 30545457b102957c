import type { PageRoute } from '../../page-route.ts';

export const route: PageRoute = {
  path: '/data',
  menu: { label: 'Data', position: 30 },
  load: async () => (await import('./data.tsx')).Data,
};

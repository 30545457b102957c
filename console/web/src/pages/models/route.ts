import type { PageRoute } from '../../page-route.ts';

export const route: PageRoute = {
  path: '/models',
  menu: { label: 'Models', position: 50 },
  load: async () => (await import('./models.tsx')).Models,
};

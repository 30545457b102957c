import type { PageRoute } from '../../page-route.ts';

export const route: PageRoute = {
  path: '/',
  menu: { label: 'Overview', position: 10 },
  load: async () => (await import('./overview.tsx')).Overview,
};

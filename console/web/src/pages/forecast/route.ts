import type { PageRoute } from '../../page-route.ts';

export const route: PageRoute = {
  path: '/forecast',
  menu: { label: 'Forecast', position: 15 },
  load: async () => (await import('./forecast.tsx')).Forecast,
};

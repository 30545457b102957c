import type { PageRoute } from '../../page-route.ts';

export const route: PageRoute = {
  path: '/schedules',
  menu: { label: 'Schedules', position: 90 },
  load: async () => (await import('./schedules.tsx')).Schedules,
};

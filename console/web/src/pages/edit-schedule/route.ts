import type { PageRoute } from '../../page-route.ts';

export const route: PageRoute = {
  path: '/edit-schedule',
  section: '/schedules',
  load: async () => (await import('./edit-schedule.tsx')).EditSchedule,
};

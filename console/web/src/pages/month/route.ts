import type { PageRoute } from '../../page-route.ts';

export const route: PageRoute = {
  path: '/data/:system/:rules/:month',
  load: async () => (await import('./month.tsx')).Month,
};

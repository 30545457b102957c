import type { PageRoute } from '../../page-route.ts';

export const route: PageRoute = {
  path: '/predict',
  menu: { label: 'Predict', position: 80 },
  load: async () => (await import('./predict.tsx')).Predict,
};

export { deployment } from './deployment.ts';
export { ingest } from './ingest.ts';
export { lifecycle } from './lifecycle.ts';
export { monitoring } from './monitoring.ts';
export { promotion } from './promotion.ts';
export { training } from './training.ts';

export { requestLogPlugin as default } from '../../../adapters/fastify/request-log.ts';

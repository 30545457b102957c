export { frameworkErrorsPlugin as default } from '../../../adapters/fastify/framework-errors.ts';

import type { Service, ServiceName } from '../service.ts';
import { consoleService } from './console.ts';
import type { ServiceContext } from './context.ts';
import { inferenceService } from './inference.ts';
import { mlflowService } from './mlflow.ts';
import { postgresService } from './postgres.ts';
import { s3Service } from './s3.ts';
import { temporalService } from './temporal.ts';
import { workerService } from './worker.ts';

const FACTORIES: Record<ServiceName, (context: ServiceContext) => Service> = {
  postgres: postgresService,
  s3: s3Service,
  temporal: temporalService,
  mlflow: mlflowService,
  worker: workerService,
  inference: inferenceService,
  console: consoleService,
};

export function createService(name: ServiceName, context: ServiceContext): Service {
  return FACTORIES[name](context);
}

import type { Part, PartName } from '../service.ts';
import { consolePart } from './console.ts';
import type { PartContext } from './context.ts';
import { inferencePart } from './inference.ts';
import { mlflowPart } from './mlflow.ts';
import { postgresPart } from './postgres.ts';
import { s3Part } from './s3.ts';
import { temporalPart } from './temporal.ts';
import { workerPart } from './worker.ts';

const FACTORIES: Record<PartName, (context: PartContext) => Part> = {
  postgres: postgresPart,
  s3: s3Part,
  temporal: temporalPart,
  mlflow: mlflowPart,
  worker: workerPart,
  inference: inferencePart,
  console: consolePart,
};

export function createPart(name: PartName, context: PartContext): Part {
  return FACTORIES[name](context);
}

import { Type } from 'typebox';

/** Alias of a registered version; it becomes part of requests to MLflow. */
export const ModelAlias = Type.String({
  default: 'champion',
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$',
  description: 'a registered model alias: letters, digits, _ . -',
});

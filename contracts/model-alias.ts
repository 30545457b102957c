import { Type } from 'typebox';

/** Defines the alias of a registered version. Requests to MLflow contain it. */
export const ModelAlias = Type.String({
  title: 'alias of the version',
  default: 'champion',
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$',
  description: 'a registered model alias: letters, digits, _ . -',
});

import type { HyperParameters } from '../../contracts/hyper-parameters.ts';

/** Converts hyper-parameters to parameters of an MLflow run, in its spelling: `learning_rate`. */
export function hyperParameterParams(hyperParameters: HyperParameters, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(hyperParameters).map(([name, value]) => [
      `${prefix}${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
      String(value),
    ]),
  );
}

/** Turns sine and cosine back into the hour, weekday, week or month that they stand for. */
import { BASIC_CYCLES } from '../../features/basic-features.ts';
import type { Column } from '../evidently/drift-table.ts';

interface CycleSteps {
  /** Label of each step, in order. */
  readonly labels: readonly (number | string)[];
  /** Returns the label of each row; null where sine or cosine is missing. */
  readonly valuesOf: (sine: Column, cosine: Column) => (number | string | null)[];
}

/** Holds the steps of each cycle, by its name for people (`contracts/drift-reading.ts`). */
export const CYCLE_STEPS: Readonly<Record<string, CycleSteps>> = {
  hour: stepsOf(numbersFrom(BASIC_CYCLES.hr)),
  weekday: stepsOf(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']),
  week: stepsOf(numbersFrom(BASIC_CYCLES.week)),
  month: stepsOf(['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']),
};

function numbersFrom({ length, first }: { readonly length: number; readonly first: number }): number[] {
  return Array.from({ length }, (_, i) => first + i);
}

function stepsOf(labels: readonly (number | string)[]): CycleSteps {
  return {
    labels,
    valuesOf: (sine, cosine) =>
      Array.from(sine.values, (value, row) => {
        const [y, x] = [Number(value ?? NaN), Number(cosine.values[row] ?? NaN)];
        if (!Number.isFinite(y) || !Number.isFinite(x)) return null;
        const step = Math.round((Math.atan2(y, x) / (2 * Math.PI)) * labels.length);
        return labels[(step + labels.length) % labels.length]!;
      }),
  };
}

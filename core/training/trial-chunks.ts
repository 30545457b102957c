/** Distributes the trials of a rung to trainer processes. */
import type { HyperParameters } from '../../contracts/hyper-parameters.ts';

export interface TrialWork {
  readonly trial: number;
  /** Relative cost, in one unit for all trials. */
  readonly cost: number;
}

/** A step has a fixed cost and a cost per row and unit of the second layer; measured on WASM, in microseconds. */
const STEP_COST = 1_000;
const ROW_COST_A_UNIT = 0.3;

/** Estimates the relative cost of `epochs` epochs of a trial. Only the balance of chunks depends on it. */
export function trialCost({ batch, hidden }: HyperParameters, epochs: number, rows: number): number {
  return epochs * (rows / batch) * (STEP_COST + ROW_COST_A_UNIT * batch * hidden);
}

/**
 * Divides trials by guided self-scheduling (Polychronopoulos & Kuck 1987): expensive trials first, and smaller chunks towards the
 * end. Trainers then finish at about the same time, although costs are estimates and each start takes a second.
 * @param parallelism number of trainers at a time.
 */
export function chunksOf(works: readonly TrialWork[], parallelism: number): number[][] {
  const dearFirst = [...works].sort((a, b) => b.cost - a.cost || a.trial - b.trial);
  let left = dearFirst.reduce((sum, { cost }) => sum + cost, 0);
  const chunks: number[][] = [];
  for (let next = 0; next < dearFirst.length;) {
    const share = left / (2 * parallelism);
    const chunk: number[] = [];
    let cost = 0;
    do {
      const work = dearFirst[next++]!;
      chunk.push(work.trial);
      cost += work.cost;
    } while (next < dearFirst.length && cost + dearFirst[next]!.cost <= share);
    left -= cost;
    chunks.push(chunk);
  }
  return chunks;
}

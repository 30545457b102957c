/** Deals the trials of a rung out to trainer processes. */
import type { HyperParameters } from '../../contracts/hyper-parameters.ts';

export interface TrialWork {
  readonly trial: number;
  /** In any unit, the same for all. */
  readonly cost: number;
}

/** A step has a fixed cost and one that grows with its rows and the second layer's width; measured on WASM, in microseconds. */
const STEP_COST = 1_000;
const ROW_COST_A_UNIT = 0.3;

/** A relative guess of what `epochs` epochs of a trial cost; nothing but the balance of chunks depends on it. */
export function trialCost({ batch, hidden }: HyperParameters, epochs: number, rows: number): number {
  return epochs * (rows / batch) * (STEP_COST + ROW_COST_A_UNIT * batch * hidden);
}

/**
 * Guided self-scheduling (Polychronopoulos & Kuck 1987): dear trials first, and chunks that shrink towards the end, so that trainers
 * finish together although each start costs a second and costs are guesses.
 * @param parallelism trainers at once.
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

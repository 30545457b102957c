/**
 * Tests whether a candidate is not worse than the champion, by a paired bootstrap over days.
 *
 * SSE_d is the sum of squared errors over the hours of day d. The excess is sqrt(Σ SSE_d(candidate) / Σ SSE_d(champion)) − 1, which is
 * RMSE(candidate) / RMSE(champion) − 1. The bootstrap draws days with replacement, each with all its hours and both models' errors. Hours
 * of one day are not independent, and both models err on the same days. A candidate is not inferior if the one-sided 95 % upper bound of
 * the excess is at most the margin.
 *
 * Sources: blocks, Carlstein 1986, Annals of Statistics 14; percentile interval, Efron and Tibshirani 1993, An Introduction to the
 * Bootstrap, chapter 13; non-inferiority, Piaggio et al. 2012, JAMA 308.
 */
import { seededRandom } from '../random.ts';
import type { NonInferiority } from '../../contracts/activities/register.ts';

const RESAMPLES = 2_000;
const CONFIDENCE = 0.95;
/** The seed is constant, so that the same errors give the same decision. */
const SEED = 20_250_101;

/** With fewer days, the bootstrap shows differences between days rather than between models. */
export const LEAST_DAYS = 10;

/** Represents one hour that both models predicted, with prediction − actual of each. */
export interface PairedError {
  readonly date: string;
  readonly champion: number;
  readonly candidate: number;
}

export function nonInferiority(errors: readonly PairedError[], margin: number): NonInferiority {
  const days = squaresByDay(errors);
  const random = seededRandom(SEED, days.length);
  const excesses = new Float64Array(RESAMPLES);
  for (let i = 0; i < RESAMPLES; i++) {
    let [champion, candidate] = [0, 0];
    for (let drawn = 0; drawn < days.length; drawn++) {
      const day = days[Math.floor(random() * days.length)]!;
      champion += day.champion;
      candidate += day.candidate;
    }
    excesses[i] = excessOf(champion, candidate);
  }
  excesses.sort();
  const total = (of: 'champion' | 'candidate') => days.reduce((sum, day) => sum + day[of], 0);
  return {
    excess: excessOf(total('champion'), total('candidate')),
    upperBound: excesses[Math.ceil(CONFIDENCE * RESAMPLES) - 1] ?? Number.NaN,
    margin,
    days: days.length,
    resamples: RESAMPLES,
  };
}

function squaresByDay(errors: readonly PairedError[]): { champion: number; candidate: number }[] {
  const days = new Map<string, { champion: number; candidate: number }>();
  for (const { date, champion, candidate } of errors) {
    const day = days.get(date) ?? { champion: 0, candidate: 0 };
    day.champion += champion * champion;
    day.candidate += candidate * candidate;
    days.set(date, day);
  }
  // Sorting by date makes the draws independent of the order of the rows.
  return [...days.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, day]) => day);
}

/** Returns the excess. If the champion has no error, it is 0 for a candidate without error and infinite otherwise. */
function excessOf(champion: number, candidate: number): number {
  if (champion === 0) return candidate === 0 ? 0 : Number.MAX_VALUE;
  return Math.sqrt(candidate / champion) - 1;
}

/**
 * Whether a candidate is not worse than the champion, by a paired bootstrap over days.
 *
 * With SSE_d the sum of squared errors over the hours of day d, the excess is sqrt(Σ SSE_d(candidate) / Σ SSE_d(champion)) − 1, which
 * is RMSE(candidate) / RMSE(champion) − 1. Days are drawn with replacement, each with all its hours and both models' errors: hours of
 * one day are not independent, and both models miss the same days (blocks: Carlstein 1986, Annals of Statistics 14; percentile
 * interval: Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 13). Not inferior means that the one-sided 95 % upper
 * bound of the excess is at most the margin (Piaggio et al. 2012, JAMA 308: the burden of proof lies with the candidate).
 */
import { seededRandom } from '../random.ts';
import type { NonInferiority } from '../../contracts/activities/register.ts';

const RESAMPLES = 2_000;
const CONFIDENCE = 0.95;
/** Always the same: the same errors give the same answer. */
const SEED = 20_250_101;

/** Below this a bootstrap over days says more about the days than about the models. */
export const LEAST_DAYS = 10;

/** One hour that both models predicted: its date, and prediction − actual of each. */
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
  // In order of date, so that the order of the rows does not change what is drawn.
  return [...days.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, day]) => day);
}

/** A champion without error is not beaten: 0 when the candidate has none either, else without bound. */
function excessOf(champion: number, candidate: number): number {
  if (champion === 0) return candidate === 0 ? 0 : Number.MAX_VALUE;
  return Math.sqrt(candidate / champion) - 1;
}

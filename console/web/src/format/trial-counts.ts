import type { ExperimentRun } from '../api/bodies.ts';
import { number } from './numbers.ts';

/**
 * Returns how many trials a person asked for, and how those that have ended did: `4 asked: 2 completed, 1 pruned, 1 failed`.
 * @param asked the parameter `trials` of the search.
 */
export function trialCountsText(
  asked: string | undefined,
  trials: readonly Pick<ExperimentRun, 'trialState'>[],
): string {
  const ends = ['completed', 'pruned', 'failed', 'stopped'].flatMap((end) => {
    const count = trials.filter(({ trialState }) => trialState?.split(' ')[0] === end).length;
    return count > 0 ? [`${number(count)} ${end}`] : [];
  });
  const total = Number(asked ?? trials.length);
  const left = total - trials.length;
  if (left > 0) ends.push(`${number(left)} to come`);
  return `${number(total)} asked${ends.length > 0 ? `: ${ends.join(', ')}` : ''}`;
}

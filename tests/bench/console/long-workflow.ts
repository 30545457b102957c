/** Produces a history of about 2,000 events in the shape of the product's: sequential and parallel steps. */
import { proxyActivities } from '@temporalio/workflow';

interface LongActivities {
  readMonth(input: { readonly month: number }): Promise<{ readonly uri: string; readonly rows: number }>;
}

const { readMonth } = proxyActivities<LongActivities>({ startToCloseTimeout: '1 minute' });

/** Each activity adds three events, and each workflow task three. */
export async function longWorkflow({ rounds, width }: { rounds: number; width: number }): Promise<number> {
  let rows = 0;
  for (let round = 0; round < rounds; round += 1) {
    const months = Array.from({ length: width }, (_, i) => readMonth({ month: round * width + i }));
    for (const month of await Promise.all(months)) rows += month.rows;
  }
  return rows;
}

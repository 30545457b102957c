import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { followProcesses, type Following } from '../../../activities/rollout/follow-processes.ts';
import type { Database } from '../../../adapters/postgres/database.ts';
import type { ServingProcess } from '../../../adapters/postgres/serving.ts';

const process = (address: string, more: Partial<ServingProcess> = {}) => ({
  instance_id: address,
  model: 'm',
  address,
  pid: 1,
  generation: 1,
  served_version: '1',
  proven_version: more.provenVersion ?? null,
  failed_version: more.failedVersion ?? null,
  failure: more.failure ?? null,
});

/** Answers the n-th read of the table with the n-th list, and later ones with the last list. */
function tableThatShows(...looks: ReturnType<typeof process>[][]): Pick<Database, 'query'> {
  let look = 0;
  return {
    query: async <T>() => looks[Math.min(look++, looks.length - 1)] as unknown as T[],
  };
}

async function follow(db: Pick<Database, 'query'>, more: Partial<Following> = {}) {
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const following: Following = {
    model: 'm',
    version: '2',
    timeoutMs: 3_000,
    waitForFirstMs: 0,
    isThere: ({ provenVersion }) => provenVersion === '2',
    goal: 'prove version 2 of m',
    onPoll: async () => undefined,
    ...more,
  };
  const run = async () => (await followProcesses(db, following)).map(({ address }) => address);
  return { environment, addresses: environment.run<[], string[], typeof run>(run) };
}

describe('following the processes of the prediction service', () => {
  it('waits for the last of them', async () => {
    const there = { provenVersion: '2' };
    const db = tableThatShows(
      [process('a', there), process('b')],
      [process('a', there), process('b', there)],
    );
    expect(await (await follow(db)).addresses).toEqual(['a', 'b']);
  });

  it('names the failed process and the reason', async () => {
    const failed = process('b', { failedVersion: '2', failure: 'golden request gave 3' });
    const db = tableThatShows([process('b')], [failed]);
    await expect((await follow(db)).addresses).rejects.toMatchObject({
      code: 'ROLLOUT_FAILED',
      message: 'b could not prove version 2 of m: golden request gave 3',
    });
  });

  it('ignores an earlier failure, because the process tries again', async () => {
    const failed = process('b', { failedVersion: '2', failure: 'old' });
    const db = tableThatShows([failed], [failed], [process('b', { provenVersion: '2' })]);
    expect(await (await follow(db)).addresses).toEqual(['b']);
  });

  it('ignores a failure of another version', async () => {
    const other = process('b', { failedVersion: '1', failure: 'old' });
    const db = tableThatShows([process('b')], [other], [process('b', { provenVersion: '2' })]);
    expect(await (await follow(db)).addresses).toEqual(['b']);
  });

  it('continues without a process that ends meanwhile', async () => {
    const there = { provenVersion: '2' };
    const db = tableThatShows([process('a', there), process('b')], [process('a', there)]);
    expect(await (await follow(db)).addresses).toEqual(['a']);
  });

  it('fails after the time-out, and names the late processes', async () => {
    const db = tableThatShows([process('a', { provenVersion: '2' }), process('b')]);
    await expect((await follow(db, { timeoutMs: 600 })).addresses).rejects.toThrow(
      /did not prove version 2 of m: b\. /,
    );
  });

  it('reports at once that no process is alive, or waits for the given time', async () => {
    expect(await (await follow(tableThatShows([]))).addresses).toEqual([]);
    const late = tableThatShows([], [process('a', { provenVersion: '2' })]);
    expect(await (await follow(late, { waitForFirstMs: 2_000 })).addresses).toEqual(['a']);
  });

  it('stops when it is cancelled', async () => {
    const { environment, addresses } = await follow(tableThatShows([process('a')]), { timeoutMs: 60_000 });
    setTimeout(() => environment.cancel(), 50);
    await expect(addresses).rejects.toBeInstanceOf(CancelledFailure);
  });
});

/** Tests what `retention` removes, and in which order. */
import { expect, it } from 'vitest';
import { retention } from '../../workflows/retention.ts';
import { PLANNED } from './harness/fake-activities.ts';
import { useLab } from './harness/workflow-lab.ts';

const lab = useLab();

const LIMITS = { artifactDays: 90, reportDays: 365, stepLogDays: 30 };

it('removes nothing without being asked to', async () => {
  const result = await lab().run(retention, {});
  expect(result).toMatchObject({ dryRun: true, planned: PLANNED, removed: null, spared: 0 });
  expect(lab().inputsOf('planRetention')).toEqual([LIMITS]);
  expect(lab().inputsOf('removePlanned')).toEqual([]);
});

it('removes cached results before the objects that they name, and adds up what was removed', async () => {
  const result = await lab().run(retention, { dryRun: false, stepLogDays: 7 });
  expect(result).toMatchObject({ dryRun: false, planned: PLANNED, removed: PLANNED, spared: 2 });
  expect(lab().inputsOf('planRetention')).toEqual([{ ...LIMITS, stepLogDays: 7 }]);
  expect(
    lab()
      .inputsOf('removePlanned')
      .map(({ kinds }) => kinds),
  ).toEqual([['cache-entry'], ['artifact', 'report', 'checkpoint', 'step-log']]);
});

it('rejects a limit that is shorter than a run may need', async () => {
  const failure = await lab().fails(retention, { artifactDays: 1 });
  expect(failure).toMatchObject({ type: 'INVALID_INPUT' });
  expect(failure.message).toContain('artifactDays');
  expect(lab().inputsOf('planRetention')).toEqual([]);
});

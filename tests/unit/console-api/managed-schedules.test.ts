import { expect, it } from 'vitest';
import { managedSchedules } from '../../../console/api/managed-schedules.ts';

it('names the schedules of the file, and none of a missing one', async () => {
  expect([...(await managedSchedules())]).toEqual(expect.arrayContaining(['monthly-drift', 'forecast']));
  expect((await managedSchedules('/does/not/exist.yaml')).size).toBe(0);
});

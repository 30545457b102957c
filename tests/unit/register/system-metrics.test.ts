import { expect, it } from 'vitest';
import { SystemMetrics } from '../../../activities/register/system-metrics.ts';

it('measures the trainer in cores and the machine in shares', () => {
  const metrics = new SystemMetrics();
  const usage = { memoryBytes: 250e6 };
  const first = metrics.sample({ ...usage, cpuMs: 1_000, at: 10_000 });
  expect(first).not.toHaveProperty('system/trainer_cpu_percentage');
  const second = metrics.sample({ ...usage, cpuMs: 4_000, at: 12_000 });
  expect(second).toMatchObject({
    'system/trainer_cpu_percentage': 150,
    'system/trainer_memory_megabytes': 250,
  });
  expect(second['system/system_memory_usage_percentage']).toBeGreaterThan(0);
  expect(second['system/system_memory_usage_percentage']).toBeLessThan(100);
  // The trainer has reported nothing since, so its share is unknown.
  expect(metrics.sample({ ...usage, cpuMs: 4_000, at: 12_000 })).not.toHaveProperty(
    'system/trainer_cpu_percentage',
  );
});

import { describe, expect, it } from 'vitest';
import { measure } from '../../bench/harness/measure.ts';

/** Burns 0.3 s of CPU and holds 200 MB of written memory, long enough for another process to start on a busy machine. */
const BUSY = 'import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass';
const HUNGRY = 'import time\nblock = b"x" * 200_000_000\ntime.sleep(2)';
const spawning = (code: string, wait: string) =>
  `import subprocess, sys\nchildren = [subprocess.Popen([sys.executable, "-c", ${JSON.stringify(code)}]) for _ in range(2)]\n${wait}`;
const WAIT = 'for child in children: child.wait()';

describe('a measurement', () => {
  it("counts the CPU time of children and of children's children", async () => {
    const nested = spawning(spawning(BUSY, WAIT), WAIT);
    const { cpuSeconds } = await measure('python3', ['python3', '-c', nested]);
    expect(cpuSeconds).toBeGreaterThan(1.2);
    expect(cpuSeconds).toBeLessThan(3);
  });

  it('adds up the memory of processes that run side by side', async () => {
    const { peakBytes } = await measure('python3', ['python3', '-c', spawning(HUNGRY, WAIT)]);
    expect(peakBytes).toBeGreaterThan(400e6);
    expect(peakBytes).toBeLessThan(550e6);
  });

  it('sees a peak too short to be sampled', async () => {
    const { peakBytes } = await measure('python3', ['python3', '-c', 'b"x" * 200_000_000']);
    expect(peakBytes).toBeGreaterThan(200e6);
  });

  it('measures the wall time of the command only', async () => {
    const { wallSeconds, cpuSeconds } = await measure('python3', ['sleep', '0.5']);
    expect(wallSeconds).toBeGreaterThan(0.5);
    expect(wallSeconds).toBeLessThan(5);
    expect(cpuSeconds).toBeLessThan(0.2);
  });

  it('fails with the last output of a command that fails', async () => {
    const failing = ['python3', '-c', 'import sys; sys.exit("out of luck")'];
    await expect(measure('python3', failing)).rejects.toThrow(/ended with 1\nout of luck/);
  });
});

import { expect, it } from 'vitest';
import { WrongTokens } from '../../../console/api/wrong-tokens.ts';

it('delays wrong tokens by address, up to a bound, and forgets a quiet address', () => {
  let now = 0;
  const wrong = new WrongTokens(() => now);
  const delays = Array.from({ length: 12 }, () => wrong.count('192.0.2.1'));
  expect(delays).toEqual([0, 0, 0, 0, 0, 100, 200, 400, 800, 1_600, 2_000, 2_000]);
  expect(wrong.count('192.0.2.2')).toBe(0);
  now = 60_000;
  expect(wrong.count('192.0.2.1')).toBe(0);
});

it('remembers a bounded number of addresses', () => {
  const wrong = new WrongTokens(() => 0);
  for (let i = 0; i < 12_000; i += 1) wrong.count(`10.0.${i >> 8}.${i & 255}`);
  expect(wrong.addresses).toBe(10_000);
});

it('delays a bounded number of answers, and sends the rest at once', async () => {
  const wake: (() => void)[] = [];
  const wrong = new WrongTokens(
    () => 0,
    () => new Promise<void>((resolve) => wake.push(resolve)),
  );
  for (let i = 0; i < 5; i += 1) await wrong.slow('192.0.2.1');
  const held = Array.from({ length: 200 }, () => wrong.slow('192.0.2.1'));
  await wrong.slow('192.0.2.1');
  expect(wake.length).toBe(200);
  for (const resolve of wake) resolve();
  await Promise.all(held);
});

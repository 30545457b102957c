/** Tests the rate limit of an address, where no keys identify callers. */
import { describe, expect, it } from 'vitest';
import { networkOf } from '../../../adapters/fastify/network-of.ts';
import { startServing, TRIP, type Problem } from './test-service.ts';

describe('the limit of an address', () => {
  const limited = async () => {
    const { app } = await startServing({ overrides: { requestsPerSecond: 2 } });
    return (remoteAddress: string, url = '/predict_trip') =>
      app.inject(
        url === '/predict_trip'
          ? { method: 'POST', url, remoteAddress, payload: { input_data: [TRIP] } }
          : { url, remoteAddress },
      );
  };

  it('rejects excess requests with 429 and Retry-After, and does not affect other addresses', async () => {
    const ask = await limited();
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await ask('192.0.2.1'));
    const refused = answers.filter(({ statusCode }) => statusCode === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]!.headers['retry-after']).toBe('1');
    expect(refused[0]!.json<Problem>().type).toBe('urn:citibike:problem:too-many-requests');
    expect((await ask('192.0.2.2')).statusCode).toBe(200);
  });

  it('does not count probes', async () => {
    const ask = await limited();
    for (let i = 0; i < 5; i++) expect((await ask('192.0.2.1', '/livez')).statusCode).toBe(200);
  });

  it('applies to a whole IPv6 network', async () => {
    const ask = await limited();
    const statuses = [];
    for (let i = 1; i <= 4; i++) statuses.push((await ask(`2001:db8::${i}`)).statusCode);
    expect(statuses).toContain(429);
    expect((await ask('2001:db8:0:1::1')).statusCode).toBe(200);
  });
});

describe('networkOf', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0DB8:0:0:1:2:3:4', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
  ])('%s belongs to %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

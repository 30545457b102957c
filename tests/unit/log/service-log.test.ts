import { expect, test } from 'vitest';
import { serviceLog } from '../../../adapters/log/service-log.ts';
import { CitibikeError } from '../../../contracts/errors.ts';
import { hideSecrets } from '../../../contracts/redact.ts';

const SECRET = 'pl4nted-s3cret';
const ADDRESS = `postgres://app:${SECRET}@host/db`;

function logged(log: (logger: ReturnType<typeof serviceLog>) => void): string[] {
  const lines: string[] = [];
  log(serviceLog('test', 'info', { write: (line) => void lines.push(line) }));
  return lines;
}

test('a line of a request is unchanged', () => {
  const [line] = logged((logger) =>
    logger.info({ method: 'GET', route: '/predict', status: 200, ms: 1.5 }, 'request'),
  );
  expect(JSON.parse(line!)).toMatchObject({
    method: 'GET',
    route: '/predict',
    status: 200,
    ms: 1.5,
    msg: 'request',
  });
});

test('no line has a secret, from any source', () => {
  const error = new CitibikeError(
    'UPSTREAM_UNAVAILABLE',
    `no answer from ${ADDRESS}`,
    {},
    { cause: new Error(ADDRESS) },
  );
  const lines = logged((logger) => {
    logger.error(error);
    logger.error({ err: error }, 'request failed');
    logger.error({ err: new TypeError(ADDRESS) }, ADDRESS);
    logger.info({ url: ADDRESS, token: SECRET, options: { password: SECRET, url: ADDRESS } }, 'connected');
    logger.info(`password=${SECRET}`);
    logger.info({ req: { method: 'GET', url: `/x?access_token=${SECRET}` } }, 'asked');
  });
  expect(lines).toHaveLength(6);
  expect(lines.join('')).not.toContain(SECRET);
  expect(JSON.parse(lines[1]!)).toMatchObject({
    msg: 'request failed',
    err: {
      code: 'UPSTREAM_UNAVAILABLE',
      message: 'no answer from postgres://***@host/db',
      causes: ['postgres://***@host/db'],
    },
  });
});

test('a secret of the settings is hidden without its name', () => {
  hideSecrets(['kn0wn-by-value']);
  const lines = logged((logger) => logger.info({ said: 'no kn0wn-by-value here' }, 'kn0wn-by-value'));
  expect(lines.join('')).not.toContain('kn0wn-by-value');
});

test('no line is longer than 4 kB', () => {
  const huge = 'é'.repeat(1_500_000);
  const lines = logged((logger) => {
    logger.info(huge);
    logger.info({ huge, list: Array(100_000).fill(huge) }, huge);
    logger.error({ err: new Error(huge, { cause: new Error(huge) }) }, huge);
    logger.info(Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`k${i}`, huge])), huge);
  });
  expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(4_096);
});

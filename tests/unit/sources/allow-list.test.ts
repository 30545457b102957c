import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AllowList } from '../../../adapters/sources/allow-list.ts';

const ENTRIES = [
  'https://s3.amazonaws.com/tripdata',
  'https://archive.example:8443',
  'http://127.0.0.1:4711/trips',
  's3://citibike-data',
  's3://shared/trips',
  'file:///data',
  'file:///srv/with%20blank',
];

const listOf = (...entries: string[]) =>
  new AllowList({ entries: () => entries, setting: 'SOURCE_ALLOW', expected: 'an entry of SOURCE_ALLOW' });
const list = listOf(...ENTRIES);

describe('an address is allowed', () => {
  it.each([
    ['the entry itself', 'https://s3.amazonaws.com/tripdata'],
    ['a file below it', 'https://s3.amazonaws.com/tripdata/JC-202401-citibike-tripdata.csv.zip'],
    ['a listing of it', 'https://s3.amazonaws.com/tripdata?list-type=2'],
    ['in upper case, where case means nothing', 'https://S3.AmazonAWS.com/tripdata'],
    ['with the default port', 'https://s3.amazonaws.com:443/tripdata'],
    ['with steps that stay below', 'https://s3.amazonaws.com/tripdata/2024/../2025.zip'],
    ['below an origin without a path', 'https://archive.example:8443/any/where'],
    ['of a loopback number, written as one', 'http://2130706433:4711/trips'],
    ['an object of a bucket', 's3://citibike-data/raw/a.zip'],
    ['an object below a prefix', 's3://shared/trips/a.zip'],
    ['a file of a folder', 'file:///data/2024/a.zip'],
    ['a file whose name has dots', 'file:///data/..a..zip'],
    ['a folder with a blank', 'file:///srv/with%20blank/a.zip'],
  ])('%s', (_what, address) => {
    expect(list.check(address, 'source').scheme).toBe(/^(file|s3|http)/.exec(address)?.[1]);
  });
});

describe('an address is rejected', () => {
  it.each([
    ['of another host', 'https://evil.example/tripdata'],
    ['of a host whose name begins alike', 'https://s3.amazonaws.com.evil.example/tripdata'],
    ['with a dot at the end of the host', 'https://s3.amazonaws.com./tripdata'],
    ['of another port', 'https://s3.amazonaws.com:8443/tripdata'],
    ['of another scheme', 'http://s3.amazonaws.com/tripdata'],
    ['with the allowed host as user name', 'https://s3.amazonaws.com@evil.example/tripdata'],
    ['with the allowed host as password', 'https://a:s3.amazonaws.com@evil.example/tripdata'],
    ['with a user name on the allowed host', 'https://alice@s3.amazonaws.com/tripdata'],
    ['with the allowed host behind a backslash', 'https://evil.example\\@s3.amazonaws.com/tripdata'],
    ['with the allowed host in the fragment', 'https://evil.example#@s3.amazonaws.com/tripdata'],
    ['beside the path', 'https://s3.amazonaws.com/tripdata-private/a'],
    ['above the path', 'https://s3.amazonaws.com/'],
    ['that climbs', 'https://s3.amazonaws.com/tripdata/../private/a'],
    ['that climbs, percent-encoded', 'https://s3.amazonaws.com/tripdata/%2e%2E/private/a'],
    ['that climbs by a backslash', 'https://s3.amazonaws.com/tripdata\\..\\private/a'],
    ['that climbs by an encoded slash', 'https://s3.amazonaws.com/tripdata/..%2fprivate/a'],
    ['that climbs by an encoded backslash', 'https://s3.amazonaws.com/tripdata/..%5Cprivate/a'],
    ['that climbs, encoded twice', 'https://s3.amazonaws.com/tripdata/%252e%252e%252fprivate/a'],
    ['that climbs by a path parameter', 'https://s3.amazonaws.com/tripdata/..;/private/a'],
    ['with a zero byte', 'https://s3.amazonaws.com/tripdata/a%00b'],
    ['of the loopback, another port', 'http://127.0.0.1:22/trips'],
    ['of the loopback by its name', 'http://localhost:4711/trips'],
    ['of the loopback, IPv6', 'http://[::1]:4711/trips'],
    ['of the loopback, IPv4 in IPv6', 'http://[::ffff:127.0.0.1]:4711/trips'],
    ['of the loopback in octal, another port', 'http://0177.0.0.1:22/trips'],
    ['of a cloud’s metadata', 'http://169.254.169.254/latest/meta-data/'],
    ['of another bucket', 's3://mlflow-artifacts/1/model'],
    ['of a bucket whose name begins alike', 's3://citibike-data-private/a'],
    ['of a bucket by an ARN', 's3://arn:aws:s3:us-west-2:1:accesspoint:x/a'],
    ['beside the prefix of a bucket', 's3://shared/tripsecrets/a'],
    ['that climbs out of a prefix', 's3://shared/trips/../secret/a'],
    ['of a file elsewhere', 'file:///etc/passwd'],
    ['of a folder whose name begins alike', 'file:///database/a'],
    ['of a file, that climbs', 'file:///data/../etc/passwd'],
    ['of a file, that climbs percent-encoded', 'file:///data/%2e%2e/etc/passwd'],
    ['of a file, that climbs by a backslash', 'file:///data\\..\\etc\\passwd'],
    ['of a file, that climbs by an encoded slash', 'file:///data/..%2fetc/passwd'],
    ['of a file with a zero byte', 'file:///data/a%00'],
    ['of a file of another host', 'file://evil.example/data/a'],
    ['of a process', 'file:///proc/self/environ'],
    ['of no scheme that is known', 'gopher://127.0.0.1:4711/trips'],
    ['that is a path', '/data/a.zip'],
    ['that is nothing', ''],
  ])('%s', (_what, address) => {
    expect(() => list.check(address, 'source.trips')).toThrow(
      expect.objectContaining({
        code: expect.stringMatching(/^(SOURCE_NOT_ALLOWED|INVALID_INPUT)$/) as string,
        retryable: false,
        message: expect.stringMatching(/^source\.trips: /) as string,
      }) as Error,
    );
  });

  it('with the field, the address and the setting, without possible secrets', () => {
    expect(() => list.check('https://evil.example/a?key=s3cret', 'source.trips')).toThrow(
      'source.trips: https://evil.example/a is not allowed; expected an address under an entry of SOURCE_ALLOW. ' +
        "To allow it, add it to the worker's setting SOURCE_ALLOW.",
    );
    expect(() => list.check('https://alice:s3cret@s3.amazonaws.com/tripdata', 'source.trips')).toThrow(
      /^(?!.*s3cret).*without a user name, a password/,
    );
  });

  it('in a truncated message', () => {
    const long = `https://evil.example/${'a'.repeat(100_000)}`;
    expect(() => list.check(long, 'source.trips')).toThrow(/^.{80,300}$/);
  });
});

describe('any address', () => {
  const segment = fc.oneof(
    fc.constantFrom('..', '.', '%2e%2e', '..%2f', '%5c..', 'data', 'database', 'trips', '..;', '%00', ''),
    fc.string({ maxLength: 6 }),
  );
  const paths = fc.array(segment, { maxLength: 8 }).map((parts) => parts.join('/'));

  it('that passes is opened as the compared URL, and is below the entry', () => {
    const entry = 'https://archive.example/data';
    fc.assert(
      fc.property(
        fc.constantFrom('https://archive.example/', 'https://archive.example/data/'),
        paths,
        (base, rest) => {
          let passed;
          try {
            passed = listOf(entry).check(`${base}${rest}`, 'source');
          } catch {
            return;
          }
          const { origin, pathname } = new URL(passed.url);
          expect(origin).toBe('https://archive.example');
          // The check must hold for any number of decodings of the path by a server.
          for (let path = pathname, times = 0; times < 3; times += 1) {
            expect(`${new URL(`https://x${path.replaceAll('\\', '/')}`).pathname}/`).toMatch(/^\/data\//);
            try {
              path = decodeURIComponent(path);
            } catch {
              break;
            }
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('of a file that passes is in the folder', () => {
    fc.assert(
      fc.property(paths, (rest) => {
        let passed;
        try {
          passed = listOf('file:///data').check(`file:///data/${rest}`, 'source');
        } catch {
          return;
        }
        expect(`${passed.path}/`).toMatch(/^\/data\//);
        expect(passed.path.split('/')).not.toContain('..');
      }),
      { numRuns: 2_000 },
    );
  });

  it('passes only with the host of the entry', () => {
    fc.assert(
      fc.property(
        fc.webAuthority({ withIPv4: true, withIPv6: true, withUserInfo: true, withPort: true }),
        (host) => {
          fc.pre(URL.canParse(`https://${host}/`) && new URL(`https://${host}/`).host !== 'archive.example');
          expect(() => listOf('https://archive.example').check(`https://${host}/`, 'source')).toThrow();
        },
      ),
    );
  });
});

/** Tests the file of keys that `citibike api-key` writes and the service follows. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  createApiKey,
  hashOfKey,
  readApiKeys,
  revokeApiKey,
} from '../../../adapters/api-keys/api-key-file.ts';
import { FollowedApiKeys } from '../../../inference/followed-api-keys.ts';
import { startServing, TRIP } from './test-service.ts';

let file: string;
let said: string[];
const log = {
  info: (_facts: object, message: string) => void said.push(message),
  error: (_facts: object, message: string) => void said.push(message),
};

beforeEach(() => {
  file = path.join(mkdtempSync(path.join(tmpdir(), 'citibike-api-keys-')), 'keys');
  said = [];
});

describe('the file of keys', () => {
  it('has the hash and not the key, and only its owner can read it', async () => {
    const key = await createApiKey(file, 'app', 50);
    expect(readFileSync(file, 'utf8')).toBe(`app:${hashOfKey(key).toString('hex')}:50\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(key).toMatch(/^[\w-]{43}$/);
  });

  it('keeps comments and other keys, and is private again after a change', async () => {
    writeFileSync(file, `# people\nanna:${'a'.repeat(64)}\n\n# machines`);
    chmodSync(file, 0o644);
    await createApiKey(file, 'app');
    await revokeApiKey(file, 'anna');
    expect(readFileSync(file, 'utf8')).toMatch(/^# people\n\n# machines\napp:[0-9a-f]{64}\n$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('stays a link where it is one', async () => {
    const link = `${file}.link`;
    writeFileSync(file, '');
    symlinkSync(file, link);
    await createApiKey(link, 'app');
    expect((await readApiKeys(file)).map(({ name }) => name)).toEqual(['app']);
  });

  it.each(['two words', 'a:b', '', '-x', 'x'.repeat(65), 'a\nb:c'])('rejects the name %j', async (name) => {
    await expect(createApiKey(file, name)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('accepts a name once, and does not revoke an unknown one', async () => {
    await createApiKey(file, 'app');
    await expect(createApiKey(file, 'app')).rejects.toThrow('citibike api-key revoke app');
    await expect(revokeApiKey(file, 'ap')).rejects.toThrow('it has app');
  });
});

describe('a service that follows the file', () => {
  const serving = async () => {
    const first = await createApiKey(file, 'first');
    const known = await FollowedApiKeys.open(file, log);
    const { app } = await startServing({ overrides: { apiKeys: known } });
    const ask = async (key: string) =>
      (
        await app.inject({
          method: 'POST',
          url: '/predict_trip',
          headers: { authorization: `Bearer ${key}` },
          payload: { input_data: [TRIP] },
        })
      ).statusCode;
    return { first, known, ask };
  };

  it('accepts a new key and rejects a revoked one, the last one too', async () => {
    const { first, known, ask } = await serving();
    const second = await createApiKey(file, 'second');
    await known.refresh();
    expect([await ask(first), await ask(second)]).toEqual([200, 200]);
    await revokeApiKey(file, 'first');
    await known.refresh();
    expect([await ask(first), await ask(second)]).toEqual([401, 200]);
    await revokeApiKey(file, 'second');
    await known.refresh();
    expect(await ask(second)).toBe(401);
  });

  it('keeps the last good keys when the file is broken or missing, and logs that once', async () => {
    const { first, known, ask } = await serving();
    writeFileSync(file, 'no key\n');
    await known.refresh();
    await known.refresh();
    expect(await ask(first)).toBe(200);
    rmSync(file);
    await known.refresh();
    expect(await ask(first)).toBe(200);
    expect(said).toEqual(Array(2).fill('API keys cannot be read; the last valid ones stay in use'));
  });

  it('does not start on a file without a key', async () => {
    writeFileSync(file, '# none\n');
    await expect(FollowedApiKeys.open(file, log)).rejects.toThrow('citibike api-key create');
    await expect(FollowedApiKeys.open(`${file}.none`, log)).rejects.toMatchObject({ code: 'BAD_SETTING' });
  });
});

describe('the OpenAPI document', () => {
  it('declares how to send a key, and that probes need none', async () => {
    await createApiKey(file, 'app');
    const apiKeys = await FollowedApiKeys.open(file, log);
    const { app } = await startServing({ overrides: { apiKeys } });
    await app.ready();
    expect(app.swagger()).toMatchObject({
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        },
      },
      security: [{ bearer: [] }, { apiKey: [] }],
      paths: { '/livez': { get: { security: [] } } },
    });
  });
});

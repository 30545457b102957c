import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { ObjectStore } from '../../../adapters/s3/object-store.ts';

const silent = net.createServer(() => undefined).listen(0, '127.0.0.1');
afterAll(() => silent.close());

it('gives up on a server that accepts connections and answers nothing', async () => {
  if (!silent.listening) await once(silent, 'listening');
  const store = new ObjectStore(
    {
      endpoint: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      buckets: { artifacts: 'a', mlflow: 'm', data: 'd' },
    },
    200,
  );
  const first = store.list('s3://a/')[Symbol.asyncIterator]().next();
  await expect(first).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  store.close();
}, 20_000);

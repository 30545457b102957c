import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { proxyPathOf } from '../../../adapters/mlflow/artifacts.ts';
import { MlflowClient } from '../../../adapters/mlflow/mlflow-client.ts';

let server: Server | undefined;

/** Starts a server that answers by the handler and counts calls. */
async function mlflowThat(
  answer: (call: number, path: string) => { status: number; body: unknown } | 'silence' | 'reset',
  timeoutMs = 2_000,
) {
  const seen: { method: string; url: string; authorization: string | undefined }[] = [];
  const listener: RequestListener = (request, response) => {
    seen.push({
      method: request.method ?? '',
      url: request.url ?? '',
      authorization: request.headers.authorization,
    });
    const said = answer(seen.length, request.url ?? '');
    if (said === 'silence') return;
    if (said === 'reset') {
      request.socket.destroy();
      return;
    }
    response.writeHead(said.status, { 'content-type': 'application/json' });
    response.end(typeof said.body === 'string' ? said.body : JSON.stringify(said.body));
  };
  server = createServer(listener);
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    seen,
    client: new MlflowClient({ trackingUri: `http://127.0.0.1:${port}/`, token: 'secret', timeoutMs }),
  };
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const refusal = (status: number, error_code: string, message: string) => ({
  status,
  body: { error_code, message },
});
const version = { model_version: { name: 'm', version: '1' } };

describe('errors of MLflow in terms of the catalogue', () => {
  it('a missing alias, which MLflow calls an invalid parameter, is MODEL_NOT_FOUND', async () => {
    const { client } = await mlflowThat(() =>
      refusal(400, 'INVALID_PARAMETER_VALUE', 'Registered model alias champion not found.'),
    );
    await expect(client.getVersionByAlias('m', 'champion')).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    });
  });

  it('another invalid parameter is UPSTREAM_REFUSED and not retried', async () => {
    const { client, seen } = await mlflowThat(() => refusal(400, 'INVALID_PARAMETER_VALUE', 'bad filter'));
    await expect(client.registry.searchVersions('m')).rejects.toMatchObject({ code: 'UPSTREAM_REFUSED' });
    expect(seen).toHaveLength(1);
  });

  it.each([
    '(psycopg2.InterfaceError) connection already closed',
    '(psycopg2.DatabaseError) error with status PGRES_TUPLES_OK and no message from the libpq',
    "Can't reconnect until invalid transaction is rolled back.",
  ])(
    'a connection to its database that broke, which MLflow calls a bad request, is retried: %s',
    async (said) => {
      const { client } = await mlflowThat((call) =>
        call === 1 ? refusal(400, 'BAD_REQUEST', said) : { status: 200, body: version },
      );
      expect(await client.getVersion('m', '1')).toMatchObject({ version: '1' });
    },
  );

  it('another bad request is UPSTREAM_REFUSED', async () => {
    const said = '(psycopg2.errors.StringDataRightTruncation) value too long';
    const { client } = await mlflowThat(() => refusal(400, 'BAD_REQUEST', said));
    await expect(client.getVersion('m', '1')).rejects.toMatchObject({ code: 'UPSTREAM_REFUSED' });
  });

  it('a missing version is MODEL_NOT_FOUND', async () => {
    const { client } = await mlflowThat(() =>
      refusal(404, 'RESOURCE_DOES_NOT_EXIST', 'Model Version (name=m, version=9) not found'),
    );
    await expect(client.getVersion('m', '9')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });

  it('a rejected host or token names the setting to check', async () => {
    const { client } = await mlflowThat(() => ({ status: 403, body: 'Invalid Host header' }));
    await expect(client.getVersion('m', '1')).rejects.toThrow(/MLFLOW_TRACKING_TOKEN/);
  });

  it('an answer that is not JSON is UPSTREAM_UNAVAILABLE', async () => {
    const { client } = await mlflowThat(() => ({ status: 200, body: '<html>' }));
    await expect(client.getVersion('m', '1')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  it('an HTML page is not repeated in an error', async () => {
    const { client } = await mlflowThat(() => ({ status: 500, body: '<!doctype html><title>500</title>' }));
    await expect(client.registry.createVersion(NEW_VERSION)).rejects.toThrow(/500: Internal Server Error$/);
  });

  it('silence ends at the time-out', async () => {
    const { client } = await mlflowThat(() => 'silence', 100);
    await expect(client.registry.createVersion(NEW_VERSION)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    });
  });
});

const NEW_VERSION = { model: 'm', source: 's', runId: 'r', modelId: 'x', description: '', tags: {} };

describe('retries', () => {
  it('repeats safe requests, with the token each time', async () => {
    const { client, seen } = await mlflowThat((call) =>
      call === 1 ? 'reset' : call === 2 ? refusal(503, '', 'busy') : { status: 200, body: version },
    );
    await expect(client.getVersion('m', '1')).resolves.toMatchObject({ model: 'm', version: '1' });
    expect(seen.map(({ authorization }) => authorization)).toEqual(Array(3).fill('Bearer secret'));
  });

  it('never repeats the creation of a version', async () => {
    const { client, seen } = await mlflowThat(() => refusal(500, 'INTERNAL_ERROR', 'boom'));
    await expect(client.registry.createVersion(NEW_VERSION)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    });
    expect(seen).toHaveLength(1);
  });
});

describe('artifacts', () => {
  it('a file that the listing lacks is SOURCE_NOT_FOUND, and is not requested', async () => {
    const { client, seen } = await mlflowThat(() => ({ status: 200, body: { files: [] } }));
    await expect(client.artifacts.get('mlflow-artifacts:/1/r/artifacts', 'a/b.json')).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
    });
    expect(seen.map(({ url }) => url)).toEqual([
      '/api/2.0/mlflow-artifacts/artifacts?path=1%2Fr%2Fartifacts%2Fa',
    ]);
  });

  it('reads the proxy path from an address with and without a host', () => {
    expect(proxyPathOf('mlflow-artifacts:/1/abc/artifacts')).toBe('1/abc/artifacts');
    expect(proxyPathOf('mlflow-artifacts://host:5000/1/abc/artifacts/')).toBe('1/abc/artifacts');
  });

  it('rejects a store that the server does not proxy, and says how to start the server', () => {
    expect(() => proxyPathOf('s3://bucket/1/abc')).toThrow(/--serve-artifacts/);
  });
});

describe('registry', () => {
  it('follows the pages of a search and adds the aliases that it omits', async () => {
    const page = (versions: string[], next?: string) => ({
      status: 200,
      body: { model_versions: versions.map((v) => ({ name: 'm', version: v })), next_page_token: next },
    });
    const { client } = await mlflowThat((_, path) => {
      if (path.includes('registered-models/get')) {
        const aliases = [{ alias: 'champion', version: '2' }];
        return { status: 200, body: { registered_model: { aliases } } };
      }
      return path.includes('page_token') ? page(['10', '2']) : page(['3'], 'more');
    });
    const versions = await client.registry.searchVersions('m');
    expect(versions.map(({ version, aliases }) => [version, aliases])).toEqual([
      ['2', ['champion']],
      ['3', []],
      ['10', []],
    ]);
  });
});

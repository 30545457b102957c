import type { Connection } from '@temporalio/client';
import { expect, test } from 'vitest';
import { ensureNamespace } from '../../../adapters/temporal/ensure-namespace.ts';

const grpc = (code: number, text: string) => Object.assign(new Error(text), { code });
const NOT_FOUND = grpc(5, 'Namespace monitoring is not found.');

/** Fakes a server that knows some namespaces, and a new one only after two look-ups. */
function server(attributes: Record<string, string[]>, addFails?: Error) {
  const calls: string[] = [];
  let lookups = 0;
  const connection = {
    workflowService: {
      async describeNamespace({ namespace }: { namespace: string }) {
        if (!(namespace in attributes)) throw NOT_FOUND;
      },
      async registerNamespace({ namespace }: { namespace: string }) {
        calls.push(`register ${namespace}`);
        attributes[namespace] = [];
        lookups = 2;
      },
    },
    operatorService: {
      async listSearchAttributes({ namespace }: { namespace: string }) {
        if (lookups-- > 0) throw NOT_FOUND;
        return { customAttributes: Object.fromEntries(attributes[namespace]!.map((name) => [name, 2])) };
      },
      async addSearchAttributes({ searchAttributes }: { searchAttributes: Record<string, number> }) {
        if (addFails) throw addFails;
        calls.push(`add ${Object.keys(searchAttributes).join(' ')}`);
      },
    },
  };
  return { connection: connection as unknown as Connection, calls };
}

test('a missing namespace is created, and its attributes once the server knows it', async () => {
  const { connection, calls } = server({});
  await ensureNamespace(connection, 'monitoring', ['A', 'B']);
  expect(calls).toEqual(['register monitoring', 'add A B']);
});

test('only missing attributes are added', async () => {
  const { connection, calls } = server({ default: ['A', 'Other'] });
  await ensureNamespace(connection, 'default', ['A', 'B']);
  expect(calls).toEqual(['add B']);
});

test('a complete namespace stays as it is', async () => {
  const { connection, calls } = server({ default: ['A', 'B'] });
  await ensureNamespace(connection, 'default', ['A', 'B']);
  expect(calls).toEqual([]);
});

test('other errors are passed on', async () => {
  const { connection } = server({ default: [] }, grpc(7, 'not permitted'));
  await expect(ensureNamespace(connection, 'default', ['A'])).rejects.toThrow('not permitted');
});

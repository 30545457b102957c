/** Runs the console over fake sources that return nothing and record every call. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import { digestOf } from '../../../adapters/postgres/console-identity.ts';
import { systems } from '../../fixtures/shipped-systems.ts';
import { buildConsole } from '../../../console/api/app.ts';
import type { Sources } from '../../../console/api/sources.ts';
import { Upstreams } from '../../../console/api/upstreams/upstreams.ts';
import { CitibikeError } from '../../../contracts/errors.ts';

export const TOKEN = 'the-right-token-of-a-test';
export const SESSION = 'the-session-of-a-reading-cookie';
/** Is the text of the public page and asset. */
export const PUBLIC_MARK = 'nothing secret here';

export interface FakeConsole {
  readonly app: FastifyInstance;
  readonly port: number;
  /** Names of the sources that were called, except for the look-up of identities. */
  readonly touched: string[];
  /** Rows of the audit, as SQL parameters. */
  readonly audit: (readonly unknown[])[];
}

const LOG = { info: () => undefined, warn: () => undefined };

export async function fakeConsole(options: {
  readNeedsToken: boolean;
  trustedProxies?: readonly string[];
}): Promise<FakeConsole> {
  const touched: string[] = [];
  const audit: (readonly unknown[])[] = [];
  const source = (name: string, facts: object = {}) =>
    new Proxy(facts, {
      get: (known, member) =>
        (Reflect.get(known, member) as unknown) ??
        (() => {
          touched.push(`${name}.${String(member)}`);
          return Promise.reject(new CitibikeError('SOURCE_NOT_FOUND', 'nothing there'));
        }),
    });
  const nothing = () => undefined;
  const sources = {
    upstreams: new Upstreams(LOG),
    temporal: source('temporal'),
    runs: source('runs', { onChange: nothing, expire: nothing }),
    records: source('records'),
    registry: source('registry', { expire: nothing }),
    storage: source('storage', { buckets: ['artifacts'] }),
    prediction: source('prediction', { address: 'http://127.0.0.1:3000' }),
    systems,
    modelFor: async () => 'm',
    database: {
      query: async (sql: string, values: readonly unknown[] = []) => {
        if (sql.includes('INSERT INTO console_audit ')) {
          audit.push(values);
          return [{ id: audit.length }];
        }
        if (/FROM console_(tokens|sessions)/.test(sql) && sql.startsWith('SELECT')) {
          const secret = sql.includes('console_sessions') ? SESSION : TOKEN;
          return values[0] === digestOf(secret) ? [{ name: 'anna' }] : [];
        }
        if (!/console_(sessions|audit_outcomes)/.test(sql)) touched.push('database');
        return sql.includes('INSERT INTO console_sessions') ? [{ sha256: '' }] : [];
      },
    },
  } as unknown as Sources;
  const facts = {
    version: '0',
    modelName: 'm',
    readNeedsToken: options.readNeedsToken,
    temporalUi: null,
    mlflowUi: null,
    grafana: null,
  };
  const app = await buildConsole({ sources, facts, web: pages(), ...options });
  onTestFinished(() => app.close());
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, port: (app.server.address() as AddressInfo).port, touched, audit };
}

function pages(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'citibike-pages-'));
  writeFileSync(path.join(folder, 'index.html'), `<html lang="en">${PUBLIC_MARK}</html>`);
  return folder;
}

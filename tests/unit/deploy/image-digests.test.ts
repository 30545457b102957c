import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { digestOf, imagesIn, withDigests } from '../../../deploy/image-digests.ts';

const DIGEST = `sha256:${'a1'.repeat(32)}`;
const DOCKERFILE =
  'FROM node:24.18.0-bookworm-slim AS packages\nFROM packages AS sources\nFROM node:24.18.0-bookworm-slim\n';
const COMPOSE =
  'services:\n  s3:\n    image: versity/versitygw:v1.8.0\n  worker:\n    image: citibike-worker:0.1.0\n    # image: of the worker\n  own:\n    image: ${IMAGE:-x:1}\n';

describe('imagesIn', () => {
  it('lists images of other publishers once, and no stages', () => {
    expect(imagesIn(DOCKERFILE)).toEqual(['node:24.18.0-bookworm-slim']);
    expect(imagesIn(COMPOSE)).toEqual(['versity/versitygw:v1.8.0']);
  });

  it('lists an image with a digest by its tag', () => {
    expect(imagesIn(`FROM python:3.11.14@${DIGEST} AS x`)).toEqual(['python:3.11.14']);
  });
});

describe('withDigests', () => {
  const digests = new Map([['node:24.18.0-bookworm-slim', DIGEST]]);

  it('writes a digest behind each tag, and replaces it the next time', () => {
    const pinned = withDigests(DOCKERFILE, digests);
    expect(pinned).toBe(DOCKERFILE.replaceAll('-slim', `-slim@${DIGEST}`));
    const next = `sha256:${'b2'.repeat(32)}`;
    expect(withDigests(pinned, new Map([['node:24.18.0-bookworm-slim', next]]))).toBe(
      pinned.replaceAll(DIGEST, next),
    );
  });

  it('leaves images without a known digest as they are', () => {
    expect(withDigests(COMPOSE, digests)).toBe(COMPOSE);
  });
});

describe('digestOf', () => {
  let server: Server | undefined;
  afterEach(() => void server?.close());

  async function registry(digest: string | undefined): Promise<string> {
    server = createServer((request, response) => {
      const host = `http://${request.headers.host}`;
      if (request.url === '/token?service=registry&scope=repository%3Ateam%2Fthing%3Apull') {
        response.end(JSON.stringify({ token: 'anyone' }));
      } else if (request.headers.authorization !== 'Bearer anyone') {
        const challenge = `Bearer realm="${host}/token",service="registry",scope="repository:team/thing:pull"`;
        response.writeHead(401, { 'www-authenticate': challenge }).end();
      } else {
        const isKnown = request.url === '/v2/team/thing/manifests/1.2.3' && digest !== undefined;
        response.writeHead(isKnown ? 200 : 404, isKnown ? { 'docker-content-digest': digest } : {}).end();
      }
    });
    await new Promise<void>((listening) => server!.listen(0, '127.0.0.1', listening));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('gets a token without a login and returns the digest', async () => {
    expect(await digestOf(`${await registry(DIGEST)}/team/thing:1.2.3`)).toBe(DIGEST);
  });

  it.each([undefined, 'sha256:short'])('rejects an answer with the digest %s', async (digest) => {
    await expect(digestOf(`${await registry(digest)}/team/thing:1.2.3`)).rejects.toThrow('without a digest');
  });
});

/** Rejects bodies in a media type or content coding that the servers do not read. */
import type { FastifyRequest } from 'fastify';
import { showValue } from '../../contracts/show-value.ts';
import { HttpProblem } from './problem.ts';

const JSON_TYPE = 'application/json';
/** Charsets whose JSON cannot be read as UTF-8. JSON in others reads the same as long as it is ASCII, and old clients name them. */
const OTHER_UNICODE = /;\s*charset\s*=\s*"?(utf-?(16|32)|ucs)/i;
const IDENTITY = 'identity';

/** Returns the 415 problem of a request that has a body; undefined if the server can read it. */
export function unsupportedMedia({ headers }: FastifyRequest): HttpProblem | undefined {
  const { 'content-encoding': coding, 'content-type': type } = headers;
  if (coding !== undefined && !coding.split(',').every(isIdentity)) {
    return new HttpProblem(
      415,
      'unsupported-media-type',
      `Content-Encoding: got ${showValue(coding)}, expected ${IDENTITY} or no such header; send the body without compression.`,
      { acceptEncoding: IDENTITY },
    );
  }
  if (type === JSON_TYPE) return undefined;
  if (type?.split(';', 1)[0]!.trim().toLowerCase() === JSON_TYPE) {
    if (!OTHER_UNICODE.test(type)) return undefined;
    return new HttpProblem(
      415,
      'unsupported-media-type',
      `Content-Type: got ${showValue(type)}, expected ${JSON_TYPE} in UTF-8; send the body in UTF-8 and this header without a charset.`,
      { accept: JSON_TYPE },
    );
  }
  return new HttpProblem(
    415,
    'unsupported-media-type',
    `Content-Type: got ${showValue(type)}, expected ${JSON_TYPE}; send the body as JSON with this header.`,
    { accept: JSON_TYPE },
  );
}

function isIdentity(coding: string): boolean {
  return ['', IDENTITY].includes(coding.trim().toLowerCase());
}

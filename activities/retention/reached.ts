/** Marks addresses that something refers to, and what these refer to in turn. */
import { hash } from 'node:crypto';
import { CitibikeError } from '../../contracts/errors.ts';
import { inParallel } from '../../contracts/in-parallel.ts';

/** Limits the memory to about 100 MB. */
const MOST_ADDRESSES = 1_000_000;

/** Takes 72 bits: a collision among a million addresses has a probability of 1e-10. */
const DIGEST_LENGTH = 12;

const READS_AT_ONCE = 16;

export class Reached {
  readonly #digests = new Set<string>();
  readonly #referencesOf: (uri: string) => Promise<readonly string[]>;

  /** @param referencesOf returns what an object refers to. */
  constructor(referencesOf: (uri: string) => Promise<readonly string[]>) {
    this.#referencesOf = referencesOf;
  }

  get size(): number {
    return this.#digests.size;
  }

  /** Marks addresses and everything that they refer to. */
  async mark(uris: readonly string[]): Promise<void> {
    let found = uris.filter((uri) => this.#add(uri));
    while (found.length > 0) {
      const next: string[] = [];
      await inParallel(found, READS_AT_ONCE, async (uri) => {
        for (const reference of await this.#referencesOf(uri)) if (this.#add(reference)) next.push(reference);
      });
      found = next;
    }
  }

  /** Checks whether something refers to the object, to a folder above it, or to the JSON report of the page. */
  has(uri: string): boolean {
    if (this.#digests.has(digestOf(uri)) || this.#hasJsonOf(uri)) return true;
    for (let end = uri.lastIndexOf('/'); end > 's3://'.length; end = uri.lastIndexOf('/', end - 1))
      if (this.#digests.has(digestOf(uri.slice(0, end)))) return true;
    return false;
  }

  #hasJsonOf(uri: string): boolean {
    return uri.endsWith('.html') && this.#digests.has(digestOf(uri.replace(/\.html$/, '.json')));
  }

  #add(uri: string): boolean {
    const digest = digestOf(uri.replace(/\/+$/, ''));
    if (this.#digests.has(digest)) return false;
    if (this.#digests.size >= MOST_ADDRESSES) {
      throw new CitibikeError(
        'INVALID_INPUT',
        `more than ${MOST_ADDRESSES} addresses are in use, expected fewer, because retention keeps them in memory. Set fewer artifactDays or reportDays`,
      );
    }
    this.#digests.add(digest);
    return true;
  }
}

function digestOf(uri: string): string {
  return hash('sha256', uri, 'base64').slice(0, DIGEST_LENGTH);
}

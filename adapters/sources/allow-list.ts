/**
 * Defines which addresses the worker may open: origins, buckets and folders of a setting. Workflow inputs
 * name addresses, and a caller who can start a workflow must not reach every file and port that the worker
 * can. Only the check creates an `AllowedSource`, and only an `AllowedSource` can be opened.
 */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CitibikeError } from '../../contracts/errors.ts';
import { isWithin, parseAddress, shownAddress, type Address } from './address.ts';

export interface AllowListOptions {
  /**
   * Returns the entries. Every check calls it, so a folder that `citibike demo` adds counts without a worker
   * restart.
   */
  readonly entries: () => readonly string[];
  /** Setting that adds an entry, for messages. */
  readonly setting: string;
  /** Description of the allowed addresses, for messages. */
  readonly expected: string;
}

export class AllowList {
  readonly #options: AllowListOptions;

  constructor(options: AllowListOptions) {
    this.#options = options;
  }

  /**
   * Checks an address before anything is opened or resolved, so that the answer does not reveal whether the
   * target exists.
   * @param field input field or setting that names the address, for messages.
   * @throws CitibikeError SOURCE_NOT_ALLOWED when no entry covers it, INVALID_INPUT when it is not an
   *   address.
   */
  check(address: string, field: string): AllowedSource {
    const parsed = parseAddress(address, field);
    if (!this.covers(parsed)) throw this.rejection(address, field);
    return AllowedSource.checked(this, parsed, field);
  }

  /** Returns a list with one more entry. */
  including(entry: string): AllowList {
    const { entries } = this.#options;
    return new AllowList({ ...this.#options, entries: () => [...entries(), entry] });
  }

  covers(address: Address): boolean {
    return this.#options
      .entries()
      .map((entry) => parseAddress(entry, this.#options.setting))
      .some(
        ({ scheme, root, path: folder }) =>
          scheme === address.scheme && root === address.root && isWithin(address.path, folder),
      );
  }

  /** Checks whether a path with all links resolved is in an allowed folder. */
  holdsPath(real: string): boolean {
    return this.#options.entries().some((entry) => {
      const parsed = parseAddress(entry, this.#options.setting);
      return parsed.scheme === 'file' && isWithin(real, resolvedFolder(parsed.path));
    });
  }

  /** Returns the same error for every address that is not allowed, whether or not the target exists. */
  rejection(address: string, field: string): CitibikeError {
    const { setting, expected } = this.#options;
    const shown = shownAddress(address);
    return new CitibikeError(
      'SOURCE_NOT_ALLOWED',
      `${field}: ${shown} is not allowed; expected an address under ${expected}. To allow it, add it to the worker's setting ${setting}.`,
      { field, address: shown, setting },
    );
  }
}

/** Holds an address that passed the check, in the normalised form that was checked and is opened. */
export class AllowedSource {
  readonly scheme: Address['scheme'];
  /** Normalised address without a fragment. */
  readonly url: string;
  /** Absolute path of a file:// address; empty for other schemes. */
  readonly path: string;
  readonly field: string;
  readonly #list: AllowList;

  private constructor(list: AllowList, address: Address, field: string) {
    this.#list = list;
    this.scheme = address.scheme;
    this.url = address.url;
    this.path = address.scheme === 'file' ? address.path : '';
    this.field = field;
  }

  /** Creates an allowed source. Only `AllowList.check` may call it. */
  static checked(list: AllowList, address: Address, field: string): AllowedSource {
    return new AllowedSource(list, address, field);
  }

  /**
   * Checks another address against the same list, such as a file of a listing or the target of a redirect.
   * @throws as `AllowList.check`.
   */
  at(address: string, field = this.field): AllowedSource {
    return this.#list.check(address, field);
  }

  /** Checks whether the list allows a path of this machine before its links are resolved. */
  covers(file: string): boolean {
    return this.#list.covers(parseAddress(pathToFileURL(file).href, this.field));
  }

  /** Checks whether the list allows a path of this machine after its links are resolved. */
  holdsPath(real: string): boolean {
    return this.#list.holdsPath(real);
  }

  rejection(): CitibikeError {
    return this.#list.rejection(this.url, this.field);
  }
}

/** Returns the real path of a folder. A folder that does not exist yet contains no files. */
function resolvedFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return path.resolve(folder);
  }
}

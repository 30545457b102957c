/**
 * Which addresses the worker may open: origins, buckets and folders of a setting. Inputs of workflows name addresses, and whoever may start
 * a workflow must not reach every file and port that the worker reaches. Only the check makes an `AllowedSource`, and only that can be opened.
 */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CitibikeError } from '../../contracts/errors.ts';
import { isWithin, parseAddress, shownAddress, type Address } from './address.ts';

export interface AllowListOptions {
  /** Asked at every check, so that a folder that `citibike demo` adds counts without a restart of the worker. */
  readonly entries: () => readonly string[];
  /** Setting that adds an entry, for messages. */
  readonly setting: string;
  /** What is allowed, for messages. */
  readonly expected: string;
}

export class AllowList {
  readonly #options: AllowListOptions;

  constructor(options: AllowListOptions) {
    this.#options = options;
  }

  /**
   * Checks an address before anything is opened or resolved, so that the answer is the same for what exists and what does not.
   * @param field input field or setting that names the address, for messages.
   * @throws CitibikeError SOURCE_NOT_ALLOWED when no entry covers it, INVALID_INPUT when it is no address.
   */
  check(address: string, field: string): AllowedSource {
    const parsed = parseAddress(address, field);
    if (!this.covers(parsed)) throw this.rejection(address, field);
    return AllowedSource.checked(this, parsed, field);
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

  /** Whether a resolved path lies in an allowed folder, wherever links lead. */
  holdsPath(real: string): boolean {
    return this.#options.entries().some((entry) => {
      const parsed = parseAddress(entry, this.#options.setting);
      return parsed.scheme === 'file' && isWithin(real, resolvedFolder(parsed.path));
    });
  }

  /** The same words for every address that is not allowed, whether or not something is there. */
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

/** An address that passed the check; the normalised form that was checked is the one that is opened. */
export class AllowedSource {
  readonly scheme: Address['scheme'];
  /** Normalised, without a fragment. */
  readonly url: string;
  /** Absolute path of a file:// address; empty for the others. */
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

  /** For `AllowList.check` alone. */
  static checked(list: AllowList, address: Address, field: string): AllowedSource {
    return new AllowedSource(list, address, field);
  }

  /** Another address, such as a file of a listing or the target of a redirect, by the same list. @throws as `AllowList.check`. */
  at(address: string, field = this.field): AllowedSource {
    return this.#list.check(address, field);
  }

  /** Whether the list has a path of this machine, before links are resolved. */
  covers(file: string): boolean {
    return this.#list.covers(parseAddress(pathToFileURL(file).href, this.field));
  }

  /** Whether the list has a path of this machine whose links are resolved. */
  holdsPath(real: string): boolean {
    return this.#list.holdsPath(real);
  }

  rejection(): CitibikeError {
    return this.#list.rejection(this.url, this.field);
  }
}

/** A folder that is not there yet holds nothing. */
function resolvedFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return path.resolve(folder);
  }
}

/**
 * Saves the last served version on local disk, so that a restart serves while MLflow, S3 and Postgres are down. Each model has
 * one file: a line of JSON that describes the content, then the version's files unencoded, because encoding would slow a swap
 * under load.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CitibikeError, messageOf } from '../contracts/errors.ts';
import { digestOfFiles, type LoadedModel, type ModelFiles } from './loaded-model.ts';
import { replaceFile } from './replace-file.ts';

export interface SavedModel {
  readonly version: string;
  readonly generation: number | null;
  readonly files: ModelFiles;
}

/** Represents the file's first line. A file of an unknown layout is not read. */
interface Header {
  readonly schemaVersion: 2;
  readonly model: string;
  readonly version: string;
  readonly generation: number | null;
  readonly savedAt: string;
  readonly digest: string;
  /** Size in bytes of each file by its name, in file order. */
  readonly files: Readonly<Record<string, number>>;
}

const NEWLINE = 0x0a;

export class LastGoodModel {
  readonly file: string;
  readonly #model: string;

  constructor(stateDir: string, model: string) {
    this.#model = model;
    this.file = path.join(stateDir, `${model}.last-good`);
  }

  /**
   * Reads the saved version; undefined if none was saved yet.
   * @throws CitibikeError CORRUPT_ARTIFACT if the file was changed or damaged.
   */
  async read(): Promise<SavedModel | undefined> {
    let bytes: Buffer;
    try {
      bytes = await readFile(this.file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw this.#unreadable(messageOf(error), error);
    }
    const end = bytes.indexOf(NEWLINE);
    const header = this.#headerOf(bytes.toString('utf8', 0, Math.max(0, end)));
    const files: Record<string, Uint8Array> = {};
    let at = end + 1;
    for (const [name, length] of Object.entries(header.files)) {
      files[name] = new Uint8Array(bytes.subarray(at, at + length));
      at += length;
    }
    if (digestOfFiles(files) !== header.digest) throw this.#unreadable('its digest does not match');
    return { version: header.version, generation: header.generation, files };
  }

  /** Replaces the saved version atomically: after a power cut, the file is either the old or the new one. */
  async write({
    version,
    generation,
    files,
    digest,
  }: SavedModel & Pick<LoadedModel, 'digest'>): Promise<void> {
    const header: Header = {
      schemaVersion: 2,
      model: this.#model,
      ...{ version, generation, digest },
      savedAt: new Date().toISOString(),
      files: Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, bytes.byteLength])),
    };
    await replaceFile(this.file, [`${JSON.stringify(header)}\n`, ...Object.values(files)]);
  }

  #headerOf(line: string): Header {
    let header: Header;
    try {
      header = JSON.parse(line) as Header;
    } catch (error) {
      throw this.#unreadable('it does not begin with a line of JSON', error);
    }
    if (header.schemaVersion !== 2 || header.model !== this.#model || typeof header.files !== 'object') {
      throw this.#unreadable(`it is not a saved version of ${this.#model}`);
    }
    return header;
  }

  #unreadable(why: string, cause?: unknown): CitibikeError {
    return new CitibikeError(
      'CORRUPT_ARTIFACT',
      `the saved model ${this.file} cannot be used: ${why}. The next load replaces it; delete the file if the error repeats.`,
      { file: this.file },
      { cause },
    );
  }
}

/** The last served version on local disk, so that a restart serves while MLflow, S3 and Postgres are down. One file a model. */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { CitibikeError, messageOf } from '../contracts/errors.ts';
import { digestOfFiles, type ModelFiles } from './loaded-model.ts';

export interface SavedModel {
  readonly version: string;
  readonly generation: number | null;
  readonly files: ModelFiles;
}

/** The file's own layout; one it does not know is not read. */
interface SavedFile {
  readonly schemaVersion: 1;
  readonly model: string;
  readonly version: string;
  readonly generation: number | null;
  readonly savedAt: string;
  readonly digest: string;
  /** Base64 by file name. */
  readonly files: Readonly<Record<string, string>>;
}

export class LastGoodModel {
  readonly file: string;
  readonly #model: string;

  constructor(stateDir: string, model: string) {
    this.#model = model;
    this.file = path.join(stateDir, `${model}.last-good.json`);
  }

  /**
   * Undefined when nothing was saved yet.
   * @throws CitibikeError CORRUPT_ARTIFACT when the file is not as it was written.
   */
  async read(): Promise<SavedModel | undefined> {
    let text: string;
    try {
      text = await readFile(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw this.#unreadable(messageOf(error), error);
    }
    let saved: SavedFile;
    try {
      saved = JSON.parse(text) as SavedFile;
    } catch (error) {
      throw this.#unreadable('it is not JSON', error);
    }
    if (saved.schemaVersion !== 1 || saved.model !== this.#model || typeof saved.files !== 'object') {
      throw this.#unreadable(`it is not a saved version of ${this.#model}`);
    }
    const files = Object.fromEntries(
      Object.entries(saved.files).map(([name, bytes]) => [
        name,
        new Uint8Array(Buffer.from(bytes, 'base64')),
      ]),
    );
    if (digestOfFiles(files) !== saved.digest) throw this.#unreadable('its digest does not match');
    return { version: saved.version, generation: saved.generation, files };
  }

  /** Replaces what was saved: a reader, or a power cut, meets the old file or the new one and never half of one. */
  async write(saved: SavedModel): Promise<void> {
    const content: SavedFile = {
      schemaVersion: 1,
      model: this.#model,
      version: saved.version,
      generation: saved.generation,
      savedAt: new Date().toISOString(),
      digest: digestOfFiles(saved.files),
      files: Object.fromEntries(
        Object.entries(saved.files).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]),
      ),
    };
    await mkdir(path.dirname(this.file), { recursive: true });
    const draft = `${this.file}.${process.pid}.draft`;
    try {
      const handle = await open(draft, 'w', 0o600);
      try {
        await handle.writeFile(JSON.stringify(content));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, this.file);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  #unreadable(why: string, cause?: unknown): CitibikeError {
    return new CitibikeError(
      'CORRUPT_ARTIFACT',
      `the saved model ${this.file} cannot be used: ${why}. It is replaced at the next load; delete it if this comes back.`,
      { file: this.file },
      { cause },
    );
  }
}

/** Saves the followed forecast on local disk, beside the last good model, so that a restart serves it while Postgres is down. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { DemandForecast } from '../contracts/demand-forecast.ts';
import { CitibikeError, messageOf } from '../contracts/errors.ts';
import { isStoredForecast } from './stored-forecast.ts';
import { replaceFile } from './replace-file.ts';

/** Represents a forecast with the time at which its issue was written, which tells whether Postgres has it written again. */
export interface FollowedForecast {
  readonly forecast: DemandForecast;
  /** ISO time. */
  readonly createdAt: string;
}

interface SavedForecast extends FollowedForecast {
  readonly schemaVersion: 1;
  /** SHA-256 over the JSON of the forecast. */
  readonly digest: string;
}

export class LastForecast {
  readonly file: string;
  readonly #model: string;

  constructor(stateDir: string, model: string) {
    this.#model = model;
    this.file = path.join(stateDir, `${model}.forecast.json`);
  }

  /**
   * Reads the saved forecast; undefined if none was saved yet.
   * @throws CitibikeError CORRUPT_ARTIFACT if the file was changed or damaged.
   */
  async read(): Promise<FollowedForecast | undefined> {
    let text: string;
    try {
      text = await readFile(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw this.#unreadable(messageOf(error), error);
    }
    let saved: Partial<SavedForecast> | null;
    try {
      saved = JSON.parse(text) as Partial<SavedForecast> | null;
    } catch (error) {
      throw this.#unreadable('it is not JSON', error);
    }
    const { schemaVersion, digest, forecast, createdAt } = saved ?? {};
    if (schemaVersion !== 1 || typeof createdAt !== 'string')
      throw this.#unreadable('it is not a saved forecast');
    if (digestOf(forecast) !== digest) throw this.#unreadable('its digest does not match');
    if (!isStoredForecast(forecast) || forecast.model !== this.#model)
      throw this.#unreadable(`it is not a saved forecast of ${this.#model}`);
    return { forecast, createdAt };
  }

  /** Replaces the saved forecast atomically. */
  async write({ forecast, createdAt }: FollowedForecast): Promise<void> {
    const saved: SavedForecast = { schemaVersion: 1, createdAt, digest: digestOf(forecast), forecast };
    await replaceFile(this.file, [JSON.stringify(saved)]);
  }

  #unreadable(why: string, cause?: unknown): CitibikeError {
    return new CitibikeError(
      'CORRUPT_ARTIFACT',
      `the saved forecast ${this.file} cannot be used: ${why}. The next issue replaces it; delete the file if the error repeats.`,
      { file: this.file },
      { cause },
    );
  }
}

function digestOf(forecast: DemandForecast | undefined): string {
  return createHash('sha256')
    .update(JSON.stringify(forecast) ?? '')
    .digest('hex');
}

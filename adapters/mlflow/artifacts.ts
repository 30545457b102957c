/** Reads and writes files of runs and models through the tracking server's proxy, so that only the server needs keys to the bucket. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { MlflowHttp } from './mlflow-http.ts';

const PROXY = '/api/2.0/mlflow-artifacts/artifacts';

export interface StoredFile {
  /** Path relative to the listed folder, with `/` as the separator. */
  readonly path: string;
  readonly bytes: number;
}

interface ListedFile {
  readonly path: string;
  readonly is_dir?: boolean;
  readonly file_size?: number | string;
}

/**
 * Converts `mlflow-artifacts:/1/abc/artifacts`, also with a host, to the path that the proxy uses: `1/abc/artifacts`.
 * @throws CitibikeError UPSTREAM_REFUSED for a store that the server does not proxy.
 */
export function proxyPathOf(artifactUri: string): string {
  const match = /^mlflow-artifacts:(?:\/\/[^/]*)?\/+(.+?)\/*$/.exec(artifactUri);
  // A URL parser resolves dot segments, so the path could reach another endpoint of the server's API.
  const climbs = match?.[1]?.split('/').some((part) => part === '.' || part === '..');
  if (match && !climbs) return match[1]!;
  throw new CitibikeError(
    'UPSTREAM_REFUSED',
    `MLflow keeps these files at ${artifactUri.slice(0, 80)}, which it does not serve: start it with --serve-artifacts and --artifacts-destination, so that artifact addresses begin with mlflow-artifacts:/`,
  );
}

export class Artifacts {
  readonly #http: MlflowHttp;

  constructor(http: MlflowHttp) {
    this.#http = http;
  }

  /** Writes one file under an artifact URI, or replaces it. */
  async put(
    artifactUri: string,
    path: string,
    bytes: Uint8Array,
    contentType = 'application/octet-stream',
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#http.json({
      method: 'PUT',
      path: `${PROXY}/${encodePath(`${proxyPathOf(artifactUri)}/${path}`)}`,
      bytes,
      contentType,
      idempotent: true,
      signal,
    });
  }

  /**
   * Reads one file. It lists the folder first. The proxy answers 500 for a missing file as well as for a store that is down, and only the
   * latter is worth a retry.
   * @throws CitibikeError SOURCE_NOT_FOUND if the folder has no such file.
   */
  async get(artifactUri: string, path: string, signal?: AbortSignal): Promise<Uint8Array> {
    const slash = path.lastIndexOf('/');
    const [folder, name] = [path.slice(0, Math.max(0, slash)), path.slice(slash + 1)];
    const entries = await this.#entries(`${proxyPathOf(artifactUri)}${folder && `/${folder}`}`, signal);
    if (!entries.some((entry) => !entry.is_dir && baseName(entry.path) === name)) {
      throw new CitibikeError('SOURCE_NOT_FOUND', `MLflow has no file ${path} under ${artifactUri}`, {
        path,
      });
    }
    return this.#read(artifactUri, path, signal);
  }

  /** Lists every file under an artifact URI, including subfolders, in the server's order. */
  async list(artifactUri: string, signal?: AbortSignal): Promise<StoredFile[]> {
    const walk = async (folder: string, prefix: string): Promise<StoredFile[]> => {
      const files: StoredFile[] = [];
      for (const entry of await this.#entries(folder, signal)) {
        const path = `${prefix}${baseName(entry.path)}`;
        if (entry.is_dir) files.push(...(await walk(`${folder}/${baseName(entry.path)}`, `${path}/`)));
        else files.push({ path, bytes: Number(entry.file_size ?? 0) });
      }
      return files;
    };
    return walk(proxyPathOf(artifactUri), '');
  }

  /** Downloads every file under an artifact URI, or only the `wanted` paths. */
  async download(
    artifactUri: string,
    signal?: AbortSignal,
    wanted: (path: string) => boolean = () => true,
  ): Promise<Record<string, Uint8Array>> {
    const files = (await this.list(artifactUri, signal)).filter(({ path }) => wanted(path));
    const contents = await Promise.all(files.map((file) => this.#read(artifactUri, file.path, signal)));
    return Object.fromEntries(files.map((file, i) => [file.path, contents[i]!]));
  }

  async #entries(folder: string, signal?: AbortSignal): Promise<readonly ListedFile[]> {
    const answer = await this.#http.json<{ files?: ListedFile[] }>({
      method: 'GET',
      path: PROXY,
      query: { path: folder },
      idempotent: true,
      signal,
    });
    return answer.files ?? [];
  }

  async #read(artifactUri: string, path: string, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#http.bytes({
      method: 'GET',
      path: `${PROXY}/${encodePath(`${proxyPathOf(artifactUri)}/${path}`)}`,
      idempotent: true,
      signal,
    });
  }
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

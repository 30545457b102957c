import { describe, expect, test } from 'vitest';
import { isAllowed } from '../../checks/licence-expression.ts';
import { faultsOfLicences } from '../../checks/licences.ts';
import { faultsOfLock, type LockedPackage } from '../../checks/lock-file.ts';
import { faultsOfPythonList, pythonLists, requirementsOf } from '../../checks/python-lists.ts';

const INTEGRITY = `sha512-${'A'.repeat(86)}==`;
const lockOf = (locked: LockedPackage, project: LockedPackage = {}) => ({
  lockfileVersion: 3,
  packages: { '': project, 'node_modules/a/node_modules/@b/c': { version: '1.2.3', ...locked } },
});
const faultsOf = (locked: LockedPackage, project?: LockedPackage) =>
  faultsOfLock('lock', lockOf(locked, project));

describe('a lock file', () => {
  test('passes with packages of the registry and their integrity', () => {
    expect(faultsOf({ integrity: INTEGRITY })).toEqual([]);
    expect(
      faultsOf(
        { integrity: INTEGRITY, resolved: 'https://registry.npmjs.org/@b/c/-/c-1.2.3.tgz' },
        { dependencies: { x: '^1.0.0 || 2.x', y: 'npm:@b/c@1.2.3' }, devDependencies: { z: 'latest' } },
      ),
    ).toEqual([]);
  });

  test.each<[string, LockedPackage]>([
    ['no integrity', {}],
    ['a weak integrity', { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }],
    ['another registry', { integrity: INTEGRITY, resolved: 'https://npm.corp.example/c.tgz' }],
    [
      'a look-alike registry',
      { integrity: INTEGRITY, resolved: 'https://registry.npmjs.org.evil.example/c.tgz' },
    ],
    ['plain http', { integrity: INTEGRITY, resolved: 'http://registry.npmjs.org/c.tgz' }],
    ['git', { integrity: INTEGRITY, resolved: 'git+ssh://git@github.com/b/c.git#0123abc' }],
    ['a link', { link: true, resolved: '../c' }],
  ])('fails with %s and names the package', (_, locked) => {
    const faults = faultsOf(locked);
    expect(faults.length).toBeGreaterThan(0);
    for (const fault of faults) expect(fault).toMatch(/^lock: @b\/c@1\.2\.3: /);
  });

  test.each(['github:b/c', 'b/c', 'git+https://x.example/c.git', 'https://x.example/c.tgz', 'file:../c'])(
    'fails with the dependency %s',
    (spec) => {
      for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies'] as const)
        expect(faultsOf({ integrity: INTEGRITY }, { [kind]: { c: spec } })).toEqual([
          `lock: the project: depends on c by "${spec}", expected a version of the registry; use or publish one`,
        ]);
    },
  );
});

describe('a licence', () => {
  const allowed = new Set(['MIT', 'Apache-2.0', 'GPL-2.0 WITH Classpath-exception-2.0']);

  test.each([
    ['MIT', true],
    ['GPL-3.0', false],
    ['(MIT OR GPL-3.0)', true],
    ['GPL-3.0 OR MIT', true],
    ['MIT AND GPL-3.0', false],
    ['MIT AND Apache-2.0', true],
    // AND binds tighter than OR.
    ['MIT OR Apache-2.0 AND GPL-3.0', true],
    ['(MIT OR Apache-2.0) AND GPL-3.0', false],
    ['GPL-2.0 WITH Classpath-exception-2.0', true],
    ['MIT WITH Something', false],
    ['UNLICENSED', false],
  ])('%s: %s', (expression, expected) => expect(isAllowed(expression, allowed)).toBe(expected));

  test.each(['SEE LICENSE IN file', '', '(MIT', 'MIT OR', 'MIT Apache-2.0', 'MIT)'])(
    '%j is not an expression',
    (expression) => expect(() => isAllowed(expression, allowed)).toThrow(),
  );

  const faults = (license: string | undefined, licence?: string) =>
    faultsOfLicences('lock', lockOf(license === undefined ? {} : { license }), allowed, [
      ...(licence === undefined ? [] : [{ packages: ['@b/*'], licence, reason: 'a test' }]),
    ]);

  test('that is not allowed fails with the package, the licence and what to do', () => {
    expect(faults('MIT')).toEqual([]);
    expect(faults('GPL-3.0')).toEqual([
      expect.stringMatching(
        /^lock: @b\/c@1\.2\.3: licence GPL-3\.0 is not allowed; replace the package, or add/,
      ),
    ]);
    expect(faults(undefined)).toEqual([expect.stringMatching(/declares no licence/)]);
    expect(faults('SEE LICENSE IN x')).toEqual([expect.stringMatching(/cannot be read/)]);
  });

  test('of a named exception passes until it changes or the exception is unused', () => {
    expect(faults('GPL-3.0', 'GPL-3.0')).toEqual([]);
    expect(faults('AGPL-3.0', 'GPL-3.0')).toHaveLength(2);
    expect(faults('MIT', 'GPL-3.0')).toEqual(['lock: the exception for @b/* is unused; delete it']);
  });
});

describe('a list of Python packages', () => {
  const hash = `--hash=sha256:${'0'.repeat(64)}`;

  test('passes with a version and hashes for each', () => {
    const list = `# made\na==1 \\\n    ${hash} \\\n    ${hash}\nb-c==2.0.post1 \\\n    ${hash}\n`;
    expect(faultsOfPythonList('list', list)).toEqual([]);
    expect(requirementsOf(list)).toEqual(['a==1', 'b-c==2.0.post1']);
  });

  test.each(['a==1', `a>=1 ${hash}`, `a==1 --hash=md5:${'0'.repeat(32)}`, 'a @ https://x.example/a.whl'])(
    'fails with %s',
    (line) => expect(faultsOfPythonList('list', `${line}\n`)).toHaveLength(1),
  );

  test('is checked in every folder that has one', () => {
    expect(pythonLists()).toEqual(
      expect.arrayContaining([
        'stack/mlflow-requirements.txt',
        'stack/uv-requirements.txt',
        'tests/python/requirements.txt',
      ]),
    );
  });
});

// Who may import whom (docs/architecture.md, 'Folders and who may import whom'). A row of data moves left to right; references point left.
// Type-only imports are held to the same rules, except that workflows may know anything of ours by type.
/** @type {import('dependency-cruiser').IConfiguration} */
const OURS =
  '^(contracts|core|workflows|activities|adapters|inference|console|client|stack|settings|worker\\.ts)';

/** `from` may import of ours only itself and what is listed. */
function only(from, allowed, comment) {
  return {
    name: `${from.replace(/[^a-z]/g, '')}-imports`,
    comment,
    severity: 'error',
    from: { path: `^${from}` },
    to: { path: OURS, pathNot: [from, ...allowed].map((part) => `^${part}`) },
  };
}

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-undeclared-dependencies',
      comment: 'A package that comes only with another may go with it.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-dependencies-in-product',
      severity: 'error',
      // The console's pages are bundled: what they import is theirs once they are built.
      from: { pathNot: '^(tests|console/web|.*config\\.(js|ts)|\\.dependency-cruiser)' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    only('contracts', [], 'contracts imports nothing of ours; everyone imports it'),
    only('core', ['contracts'], 'core computes and knows contracts alone'),
    {
      name: 'core-is-pure',
      comment: 'core/ does no I/O',
      severity: 'error',
      from: { path: '^core/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'workflows-imports',
      comment: 'workflows know contracts, and the rest by type alone',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: OURS, pathNot: ['^workflows', '^contracts'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-are-deterministic',
      comment: 'no Node built-ins and no vendor but Temporal in the sandbox',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { dependencyTypes: ['core', 'npm'], pathNot: ['node_modules/@temporalio/(workflow|common)/'] },
    },
    only('activities', ['contracts', 'core', 'adapters'], 'activities get settings handed in'),
    only('adapters', ['contracts'], 'adapters wrap vendors'),
    only('settings', ['contracts'], 'others import settings.ts, not its parts'),
    only('inference', ['contracts', 'core', 'adapters', 'settings\\.ts'], ''),
    only('console/api', ['contracts', 'adapters', 'settings\\.ts'], ''),
    only(
      'console/web/src',
      ['contracts/(weather-columns|hour-to-predict|calendar)\\.ts', 'core/charts'],
      'the browser talks HTTP, checks its forms by the rules of contracts that load no library, and draws by core/charts',
    ),
    {
      name: 'charts-are-for-browsers-too',
      comment: 'the console bundles core/charts, so it imports nothing else of ours',
      severity: 'error',
      from: { path: '^core/charts/' },
      to: { path: OURS, pathNot: '^core/charts/' },
    },
    only(
      'stack',
      ['contracts', 'settings\\.ts', 'adapters'],
      'adapters for provisioning buckets, migrations and schedules',
    ),
    only(
      'client',
      ['contracts', 'core', 'adapters', 'activities', 'settings\\.ts', 'stack', 'workflows'],
      'each command joins what it needs',
    ),
    {
      name: 'client-knows-workflows-by-type',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: '^workflows/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'postgres-driver-in-its-adapter',
      comment:
        'statements for Postgres live in adapters/postgres; stack/ opens the first connection as superuser',
      severity: 'error',
      from: { path: OURS, pathNot: '^(adapters/postgres|stack)/' },
      to: { path: 'node_modules/(@types/)?pg/' },
    },
    {
      name: 'only-worker-joins',
      comment:
        'nothing but worker.ts joins workflows, activities, adapters and settings; nothing imports worker.ts',
      severity: 'error',
      from: { path: OURS },
      to: { path: '^worker\\.ts' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(node_modules|\\.stack|tests/fixtures|dist|console/web/dist)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};

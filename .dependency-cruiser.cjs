// Defines who may import whom (docs/architecture.md, 'Folders and who may import whom'). In its table of folders, imports point
// to the left. Type-only imports follow the same rules, except that workflows may import any type of this project.
/** @type {import('dependency-cruiser').IConfiguration} */
const OURS =
  '^(contracts|core|workflows|activities|adapters|inference|console|client|stack|settings|worker\\.ts)';

/** Restricts imports of `from` within this project to itself and the listed folders. */
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
      comment: 'A package that comes only with another can disappear with it.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-dependencies-in-product',
      severity: 'error',
      // The console's pages are bundled, so they need their packages only at build time.
      from: { pathNot: '^(tests|console/web|.*config\\.(js|ts)|\\.dependency-cruiser)' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    only('contracts', [], 'contracts imports nothing of this project; every folder may import it'),
    only('core', ['contracts'], 'core computes and imports only contracts'),
    {
      name: 'core-is-pure',
      comment: 'core/ does no I/O',
      severity: 'error',
      from: { path: '^core/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'workflows-imports',
      comment: 'workflows import contracts, and other folders only as types',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: OURS, pathNot: ['^workflows', '^contracts'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-are-deterministic',
      comment: 'the sandbox has no Node built-ins and no vendor except Temporal',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { dependencyTypes: ['core', 'npm'], pathNot: ['node_modules/@temporalio/(workflow|common)/'] },
    },
    only('activities', ['contracts', 'core', 'adapters'], 'activities receive settings as arguments'),
    only('adapters', ['contracts'], 'adapters wrap vendors'),
    only('settings', ['contracts'], 'others import settings.ts, not its parts'),
    only('inference', ['contracts', 'core', 'adapters', 'settings\\.ts'], ''),
    only(
      'console/api',
      ['contracts', 'adapters', 'core/features/sun\\.ts', 'core/stations', 'settings\\.ts'],
      'the API reads servers; it computes only which hours are night, and the figures of stations',
    ),
    only(
      'console/web/src',
      [
        'contracts/(weather-columns|weather-forecast|hour-to-predict|calendar|quality-checks|station-hours|drift-reading|metric-facts|weekdays|weather-ranges|stored-names)\\.ts',
        'core/charts',
      ],
      'the browser calls the HTTP API, checks its forms by contracts that load no library, and draws with core/charts',
    ),
    {
      name: 'charts-are-for-browsers-too',
      comment: 'the console bundles core/charts, so it imports nothing else of this project',
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
      'each command imports what it needs',
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
      comment: 'only worker.ts joins workflows, activities, adapters and settings; no file imports worker.ts',
      severity: 'error',
      from: { path: OURS },
      to: { path: '^worker\\.ts' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: {
      path: '^(node_modules|\\.stack|tests/fixtures|dist|(console/web|adapters/prediction-client)/dist)',
    },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};

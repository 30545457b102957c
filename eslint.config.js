// @ts-check
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const REDIRECT_POLICY = {
  selector: "CallExpression[callee.name='fetch']:not(:has(Property[key.name='redirect']))",
  message: "Say what a redirect does: 'manual' where credentials are sent, 'follow' for public downloads.",
};

/** Matches the start of a statement, also after a line break. */
const SQL =
  '/^\\s*(SELECT|WITH \\w+ AS|INSERT INTO|UPDATE \\w+|DELETE FROM|CREATE|ALTER|DROP|COPY|BEGIN|SET)\\b/';
const NO_SQL = [`TemplateElement[value.raw=${SQL}]`, `Literal[value=${SQL}]`].map((selector) => ({
  selector,
  message: 'Write SQL in adapters/, as a named function that returns typed rows.',
}));

export default defineConfig(
  { ignores: ['node_modules', '.stack', 'tests/fixtures/histories', '**/dist', '**/*.d.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Fastify's plugins and Temporal's activities are async by contract, even if they await nothing.
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read the environment only in settings.ts.' },
      ],
      'no-restricted-syntax': ['error', REDIRECT_POLICY, ...NO_SQL],
    },
  },
  {
    files: ['adapters/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', REDIRECT_POLICY] },
  },
  {
    // Tests call their own servers, and the console's pages call the server they come from.
    files: ['tests/**/*.ts', 'console/web/**/*.ts', 'console/web/**/*.tsx'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // The workflow sandbox: deterministic code only. Import rules are in .dependency-cruiser.cjs.
    files: ['workflows/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Workflow code has no environment.' },
        { name: 'fetch', message: 'I/O belongs in activities.' },
        { name: 'crypto', message: "Use uuid4 of '@temporalio/workflow'." },
        { name: 'performance', message: 'Workflow code has no clock of its own.' },
      ],
    },
  },
  {
    files: ['core/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'core/ has no environment.' },
        { name: 'fetch', message: 'core/ does no I/O.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'core/ uses seeded randomness.' },
        { object: 'Date', property: 'now', message: 'core/ has no clock.' },
        { object: 'process', property: 'env', message: 'Read the environment only in settings.ts.' },
      ],
    },
  },
  {
    // settings.ts reads the environment; stack/ and the commands pass one to the processes they start; tests set it.
    files: [
      'settings.ts',
      'stack/**/*.ts',
      'client/**/*.ts',
      'tests/**/*.ts',
      'activities/train/trainer*.ts',
      'vitest.config.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // Texts from servers and files reach the terminal only through print.ts, which escapes control characters.
    files: ['client/**/*.ts'],
    ignores: ['client/print.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        REDIRECT_POLICY,
        ...NO_SQL,
        {
          selector: "MemberExpression[property.name='write'][object.property.name=/^std(out|err)$/]",
          message: 'Use print or printNote of client/print.ts.',
        },
      ],
    },
  },
  {
    // Configurations and reporters of Vitest and Vite, and files that @fastify/autoload loads, are default exports by contract.
    files: [
      'vitest.config.ts',
      'tests/runner/skipped-tests.ts',
      'console/web/vite.config.ts',
      '{console/api,inference}/{plugins,routes}/*.ts',
    ],
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', module: 'writable' } },
    rules: { 'no-restricted-exports': 'off' },
  },
);

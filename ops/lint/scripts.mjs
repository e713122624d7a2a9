import js from '@eslint/js';

const nodeNames = [
  'process', 'console', 'Buffer', 'URL', 'URLSearchParams', 'fetch', 'Response', 'Headers', 'FormData', 'Blob', 'AbortController', 'AbortSignal',
  'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'queueMicrotask', 'performance', 'structuredClone',
  'TextEncoder', 'TextDecoder', 'WebAssembly', 'WebSocket', 'Event', 'EventTarget',
];
const browserNames = ['window', 'document', 'localStorage', 'matchMedia'];
const jestNames = ['jest', 'describe', 'it', 'test', 'expect', 'beforeAll', 'beforeEach', 'afterAll', 'afterEach'];
const readonly = (names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

/** Plain JavaScript: operations, tool configuration, the one script that the portal's page runs before Angular. */
export const scriptRules = [
  {
    files: ['**/*.mjs', '**/*.js'],
    extends: [js.configs.recommended],
    languageOptions: { ecmaVersion: 2024, sourceType: 'module', globals: readonly(nodeNames) },
    rules: {
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      eqeqeq: 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.cjs'],
    extends: [js.configs.recommended],
    languageOptions: { sourceType: 'commonjs', globals: readonly([...nodeNames, 'module', 'require', '__dirname', 'exports']) },
  },
  { files: ['frontend/public/**/*.js'], languageOptions: { globals: readonly(browserNames) } },
  {
    files: ['**/*.test.mjs', '**/*.spec.mjs'],
    languageOptions: { globals: readonly(jestNames) },
    rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' },
  },
];

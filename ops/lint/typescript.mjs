import tseslint from 'typescript-eslint';
import { workspaceRoot } from './workspace-root.mjs';

const typescript = ['**/*.ts'];
export const specs = ['**/*.spec.ts', '**/*.db-spec.ts', '**/*.e2e-spec.ts', '**/*.contract.ts', '**/testing/**/*.ts', 'backend/test/**/*.ts'];
const browserTests = ['frontend/e2e/**/*.ts'];

/** The house's budgets; each has been the first sign of a class or function that does two things. */
const budgets = {
  'max-lines': ['error', { max: 300 }],
  'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
  // Six is the budget of a constructor (one per dependency); a function that needs more than four takes an object.
  '@typescript-eslint/max-params': ['error', { max: 6 }],
  complexity: ['error', { max: 12 }],
};

/** Privacy and configuration: logs go through the redacting logger, the environment is read and refused in one place. */
const houseRules = {
  'no-console': 'error',
  'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Read settings from AppConfig (backend/src/platform/config).' }],
  'no-restricted-imports': [
    'error',
    { paths: [{ name: 'node:process', importNames: ['env'], message: 'Read settings from AppConfig (backend/src/platform/config).' }] },
  ],
  'no-restricted-syntax': [
    'error',
    {
      selector: ':function[params.length>4]:not(MethodDefinition[kind="constructor"] > FunctionExpression)',
      message: 'A function takes four parameters at most: pass an object.',
    },
  ],
};

const typed = {
  // Numbers read well in templates and cannot hide an object.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  // `() => stop()` and `return stop()` say what they mean.
  '@typescript-eslint/no-confusing-void-expression': 'off',
  // A Nest module or an Angular component may be an empty class with a decorator.
  '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
};

export const typescriptRules = [
  {
    files: typescript,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: workspaceRoot } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: { ...typed, ...budgets, ...houseRules },
  },
];

/**
 * Specs are type-checked too, for the promise nobody awaited. They are left out of the projects' own tsconfig.json (which builds), so
 * they are read through a tsconfig made for them. They may be long, read the environment and hold doubles of other types.
 */
export const testRules = [
  {
    files: [...specs, ...browserTests],
    languageOptions: {
      parserOptions: {
        projectService: false,
        project: ['ops/lint/tsconfig.specs.json', 'frontend/tsconfig.spec.json', 'libs/ui/tsconfig.spec.json', 'frontend/tsconfig.json'],
      },
    },
    rules: {
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      'no-restricted-properties': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off', // expect.any() and JSON bodies of supertest are `any`
      '@typescript-eslint/require-await': 'off', // fakes implement asynchronous ports
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.property.name="only"][callee.object.name=/^(it|test|describe)$/]',
          message: 'A test left on `.only` silences all others.',
        },
      ],
    },
  },
];

import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { workspaceRoot } from './workspace-root.mjs';

const typescript = ['**/*.ts'];
export const specs = ['**/*.spec.ts', '**/*.db-spec.ts', '**/*.e2e-spec.ts', '**/*.contract.ts', '**/testing/**/*.ts', 'backend/test/**/*.ts'];
const browserTests = ['frontend/e2e/**/*.ts'];

/** The house's budgets; each has been the first sign of a class or function that does two things. */
const budgets = {
  'max-lines': ['error', { max: 300 }],
  'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
  // Six is the budget of a constructor (one per dependency); a function that needs more than five takes an object.
  '@typescript-eslint/max-params': ['error', { max: 6 }],
  complexity: ['error', { max: 15 }],
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
      selector: ':function[params.length>5]:not(MethodDefinition[kind="constructor"] > FunctionExpression)',
      message: 'A function takes five parameters at most: pass an object.',
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
  // `async` without `await` turns a throw into a rejection, which is what an implementation of an asynchronous port must do.
  '@typescript-eslint/require-await': 'off',
  // Options of Angular and Nest are classes by name only; everybody passes literals.
  '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
  // `JobHandler<N extends JobName>(name: N)` says which N it is about, used once or not.
  '@typescript-eslint/no-unnecessary-type-parameters': 'off',
  '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
  '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
};

export const typescriptRules = [
  {
    files: typescript,
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked],
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
        project: ['ops/lint/tsconfig.specs.json', 'frontend/tsconfig.spec.json', 'libs/ui/tsconfig.spec.json', 'frontend/e2e/tsconfig.json'],
      },
    },
    rules: {
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      'no-restricted-properties': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off', // expect.any() and JSON bodies of supertest are `any`
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/max-params': 'off',
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

import { defineConfig, globalIgnores } from 'eslint/config';
import { angularRules } from './ops/lint/angular.mjs';
import { backendRules } from './ops/lint/backend.mjs';
import { layerRules } from './ops/lint/layers.mjs';
import { scriptRules } from './ops/lint/scripts.mjs';
import { testRules, typescriptRules } from './ops/lint/typescript.mjs';

/**
 * Lint for the whole repository. What a rule is for stands beside it in ops/lint; ops/lint/rules.test.mjs plants a violation of each
 * one and fails when it goes unnoticed. Import cycles and the doors of the backend's folders are checked over the whole graph by
 * ops/lint/dependencies.config.mjs.
 */
export default defineConfig([
  globalIgnores(['**/dist/**', '**/node_modules/**', '**/.nx/**', '**/.angular/**', '**/.auscult/**', '**/coverage/**']),
  ...typescriptRules,
  ...layerRules,
  ...backendRules,
  ...angularRules,
  ...testRules,
  ...scriptRules,
]);

/**
 * Rules over the whole import graph, by resolved file (dependency-cruiser). ESLint checks the layers between projects; this checks
 * what lies inside them. Type-only imports count: a cycle of types is a cycle of meaning.
 */
const modules = '^backend/src/modules/';

/** Of the other modules, `module` imports `others` alone. */
const entersOnly = (name, module, others) => ({
  name,
  severity: 'error',
  from: { path: `${modules}${module}/` },
  to: { path: modules, pathNot: `${modules}(${[module, ...others].join('|')})/` },
});

export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'No import cycles, at all: a file must be readable without the file that reads it.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'platform-knows-no-module',
      comment: 'The platform serves features and knows none.',
      severity: 'error',
      from: { path: '^backend/src/platform/' },
      to: { path: modules },
    },
    {
      name: 'modules-meet-at-index',
      comment: "A module's index.ts is its only door.",
      severity: 'error',
      from: { path: '^backend/src/modules/([^/]+)/', pathNot: '[.](spec|db-spec|e2e-spec)[.]ts$' },
      to: { path: modules, pathNot: ['^backend/src/modules/$1/', '^backend/src/modules/[^/]+/index[.]ts$'] },
    },
    entersOnly('users-know-no-module', 'users', []),
    entersOnly('auth-knows-only-users', 'auth', ['users']),
    entersOnly('storage-knows-no-module', 'storage', []),
    entersOnly('transcription-knows-storage-and-users', 'transcription', ['storage', 'users']),
    {
      name: 'platform-folders-meet-at-index',
      comment: 'Every folder of the platform has one door too.',
      severity: 'error',
      from: { path: '^backend/src/platform/([^/]+)/', pathNot: '[.](spec|db-spec|e2e-spec)[.]ts$' },
      to: { path: '^backend/src/platform/', pathNot: ['^backend/src/platform/$1/', '^backend/src/platform/[^/]+/index[.]ts$'] },
    },
    {
      name: 'modules-enter-the-platform-at-index',
      severity: 'error',
      from: { path: modules, pathNot: '[.](spec|db-spec|e2e-spec)[.]ts$' },
      to: { path: '^backend/src/platform/', pathNot: '^backend/src/platform/[^/]+/index[.]ts$' },
    },
    {
      name: 'api-and-worker-apart',
      comment: 'The worker is the application without HTTP: neither side may pull in the other.',
      severity: 'error',
      from: { path: '^backend/src/modules/[^/]+/(api|worker)/', pathNot: '[.](spec|db-spec|e2e-spec)[.]ts$' },
      to: { path: '^backend/src/modules/[^/]+/(api|worker)/', pathNot: '^backend/src/modules/[^/]+/$1/' },
    },
    {
      name: 'tests-stay-outside',
      comment: 'Product code never imports a spec or a fake.',
      severity: 'error',
      from: { path: '^(backend/src|frontend/src|libs/[^/]+/src)/', pathNot: '([.](spec|db-spec|e2e-spec|contract)[.]ts$|/testing/|/fake-[^/]+[.]ts$|/index[.]ts$)' },
      to: { path: '([.](spec|db-spec|e2e-spec|contract)[.]ts$|/testing/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'default'] },
  },
};

/**
 * Native ES modules. Three projects: `backend` (unit), `backend-db` (real PostgreSQL) and `backend-e2e` (PostgreSQL, Redis, HTTP,
 * sockets, jobs); the latter two read TEST_DATABASE_URL and TEST_REDIS_URL.
 */
const swc = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    target: 'es2022',
    keepClassNames: true,
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
  swcrc: false,
};

const project = (displayName, pattern) => ({
  displayName,
  rootDir: import.meta.dirname,
  testMatch: [`<rootDir>/{src,test,migrations}/**/*.${pattern}.ts`],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  setupFiles: ['<rootDir>/test/setup.ts'],
  moduleNameMapper: {
    '^#migrations$': '<rootDir>/migrations/index.ts',
    '^@auscult/(contracts|speech|client)$': '<rootDir>/../libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
});

export default {
  projects: [project('backend', 'spec'), project('backend-db', 'db-spec'), project('backend-e2e', 'e2e-spec')],
  testTimeout: 180_000,
};

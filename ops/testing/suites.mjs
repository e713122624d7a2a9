const jestScript = 'node_modules/jest/bin/jest.js';
/** Angular's preset compiles to CommonJS; everything else runs as the ES modules that it is. */
const angularJest = (config) => [jestScript, '-c', config];
const jest = (config, ...more) => ['--experimental-vm-modules', '--no-warnings', jestScript, '-c', config, ...more];

/**
 * Every suite of the repository: how it is run and what must be there first. `needs` are services (services.mjs), in the words that
 * specs read: TEST_DATABASE_URL (superuser), TEST_REDIS_URL, AUSCULT_MODEL_DIR, and for the browser the running product. `waits`: the gateway tests mostly
 * wait (for leases to run out, for processes to come back), each file with a database and keys of its own, so several run side by side, and other suites
 * beside them. `alone`: what it measures or clicks would be disturbed by others.
 */
export const suites = [
  { project: 'contracts', kind: 'unit', runner: 'jest', args: jest('libs/contracts/jest.config.mjs'), needs: [] },
  { project: 'client', kind: 'unit', runner: 'jest', args: jest('libs/client/jest.config.mjs'), needs: [] },
  { project: 'speech', kind: 'unit', runner: 'jest', args: jest('libs/speech/jest.config.mjs'), needs: ['model'] },
  { project: 'ui', kind: 'unit', runner: 'jest', args: angularJest('libs/ui/jest.config.cjs'), needs: [] },
  { project: 'frontend', kind: 'unit', runner: 'jest', args: angularJest('frontend/jest.config.cjs'), needs: [] },
  { project: 'backend', kind: 'unit', runner: 'jest', args: jest('backend/jest.config.mjs', '--selectProjects', 'backend'), needs: [] },
  { project: 'backend', kind: 'db', runner: 'jest', args: jest('backend/jest.config.mjs', '--selectProjects', 'backend-db', '--forceExit'), needs: ['database', 'redis'] },
  { project: 'backend', kind: 'e2e', runner: 'jest', args: jest('backend/jest.config.mjs', '--selectProjects', 'backend-e2e', '--forceExit', '--maxWorkers=3'), needs: ['database', 'redis', 'model'], waits: true },
  { project: 'ops', kind: 'unit', runner: 'node', args: ['--test', '--test-concurrency=1'], files: 'ops/**/*.test.mjs', needs: ['database'], alone: true },
  { project: 'frontend', kind: 'browser', runner: 'playwright', args: ['node_modules/@playwright/test/cli.js', 'test', '-c', 'frontend/e2e/playwright.config.ts'], needs: ['model', 'browser', 'stack'], alone: true },
];

const projects = new Set(suites.map(({ project }) => project));
const kinds = new Set(suites.map(({ kind }) => kind));

/** What runs one after another, and which of these side by side: suites that mostly wait beside the others, then those that want the machine alone. */
export function lanesOf(chosen) {
  const alone = chosen.filter((suite) => suite.alone);
  const others = chosen.filter((suite) => !suite.alone);
  const stages = [[others.filter(({ waits }) => waits), others.filter(({ waits }) => !waits)], [alone]];
  return stages.map((lanes) => lanes.filter(({ length }) => length > 0)).filter(({ length }) => length > 0);
}

/**
 * The suites that the words name: projects, kinds, both (`backend unit`), or all without a word. A word with a slash or a dot is part
 * of a file's path and goes to the runners.
 */
export function chooseSuites(words) {
  const isPath = (word) => /[/.]/.test(word);
  const unknown = words.filter((word) => !isPath(word) && !projects.has(word) && !kinds.has(word));
  if (unknown.length > 0) throw new Error(`There is no suite "${unknown[0]}". Projects: ${[...projects].join(', ')}; kinds: ${[...kinds].join(', ')}.`);
  const wanted = (names, name) => !words.some((word) => names.has(word)) || words.includes(name);
  return { chosen: suites.filter(({ project, kind }) => wanted(projects, project) && wanted(kinds, kind)), paths: words.filter(isPath) };
}

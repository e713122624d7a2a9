/**
 * The one folder that may read the environment. Everything structural (platform knows no module, modules meet at index.ts, api and
 * worker code stay apart) is in dependencies.config.mjs, which sees resolved files and not just the text of an import.
 */
export const backendRules = [
  {
    files: ['backend/src/platform/config/**/*.ts'],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-imports': 'off' },
  },
  {
    // Each process hands its own environment to loadConfig once.
    files: ['backend/src/main.*.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // Command-line programs talk to a terminal, not to a log.
    files: ['libs/*/src/cli/**/*.ts', 'backend/src/main.seed.ts', 'backend/src/main.migrate.ts', 'backend/src/main.openapi.ts'],
    rules: { 'no-console': 'off', 'no-restricted-properties': 'off' },
  },
  {
    // Migrations are lists of statements.
    files: ['backend/migrations/**/*.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
];

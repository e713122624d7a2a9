import { fileURLToPath } from 'node:url';

/** The folder that eslint.config.mjs stands in; the rules test copies ops/lint into a workspace of its own. */
export const workspaceRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

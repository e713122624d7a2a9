/** The folder that eslint.config.mjs stands in; the rules test copies ops/lint into a workspace of its own. */
export const workspaceRoot = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');

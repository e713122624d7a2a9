/** A reason to stop that the reader can act on: shown as one line, without a stack. */
export class Refusal extends Error {
  name = 'Refusal';
}

const systemReasons = {
  ENOSPC: (path) => `The disk is full${path}. Free some space and start again.`,
  EDQUOT: (path) => `The disk quota is used up${path}. Free some space and start again.`,
  EACCES: (path) => `No permission to write${path}. Change its owner, or set AUSCULT_DATA_DIR to a folder of your own.`,
  EPERM: (path) => `No permission to write${path}. Change its owner, or set AUSCULT_DATA_DIR to a folder of your own.`,
  EROFS: (path) => `The file system is read-only${path}. Set AUSCULT_DATA_DIR to a folder that can be written.`,
  ENOTDIR: (path) => `A part of the path is a file, not a folder${path}. Set AUSCULT_DATA_DIR to another folder.`,
  EMFILE: () => 'Too many files are open (ulimit -n). Raise the limit and start again.',
  ENOMEM: () => 'The machine has no memory left. Auscult needs about 2 GB.',
};

/** One line for any failure. What nobody foresaw keeps its message, and its stack when AUSCULT_DEBUG is set. */
export function explain(failure) {
  if (failure instanceof Refusal) return failure.message;
  const reason = systemReasons[failure?.code];
  if (reason) return reason(failure.path ? ` at ${failure.path}` : '');
  if (process.env.AUSCULT_DEBUG) return failure?.stack ?? String(failure);
  return `Unexpected: ${String(failure?.message ?? failure).split('\n')[0]} (AUSCULT_DEBUG=1 shows where)`;
}

/** The model folder that the test runner has filled; a spec that needs it must fail, not skip, without it. */
export function modelDir(): string {
  const dir = process.env['AUSCULT_MODEL_DIR'];
  if (!dir) throw new Error('Set AUSCULT_MODEL_DIR to a folder filled by: node libs/speech/dist/cli/fetch-model.js base <folder>');
  return dir;
}

import { readFile } from 'node:fs/promises';

/** Instructions that multiply unsigned with signed bytes without overflow; as Linux names them. */
const SIGNED_PRODUCTS = ['avx512_vnni', 'avx_vnni'];

/** Whether every core of this machine has them; false where nothing tells. */
export async function multipliesSignedBytes(cpuinfo = '/proc/cpuinfo'): Promise<boolean> {
  const text = await readFile(cpuinfo, 'utf8').catch(() => '');
  const cores = text.split('\n').filter((line) => /^flags\s*:/.test(line)).map((line) => line.split(/\s+/));
  return cores.length > 0 && cores.every((flags) => SIGNED_PRODUCTS.some((flag) => flags.includes(flag)));
}

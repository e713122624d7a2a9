/** Moonshine's vocabulary: the 32,000 pieces of the Llama tokenizer and 768 special ones that are never printed. */
const LLAMA_PIECES = 32_000;
const ALL_PIECES = 32_768;

function bytesOf(piece: string): Buffer {
  const byte = /^<0x([0-9A-F]{2})>$/.exec(piece);
  return byte?.[1] ? Buffer.from(byte[1], 'hex') : Buffer.from(piece.replaceAll('\u2581', ' '), 'utf8');
}

/**
 * The tokens file that sherpa-onnx wants for Moonshine: lines of `BASE64(bytes of the piece)<TAB>id`. With plain text in
 * place of base64 the addon ends the whole process.
 */
export async function moonshineTokens(): Promise<string> {
  const { default: tokenizer } = await import('llama-tokenizer-js');
  const lines: string[] = [];
  for (let id = 0; id < ALL_PIECES; id += 1) {
    const piece = id < LLAMA_PIECES ? (tokenizer.vocabById[id] ?? '') : `<<ST_${id - LLAMA_PIECES}>>`;
    lines.push(`${bytesOf(piece).toString('base64')}\t${id}`);
  }
  return `${lines.join('\n')}\n`;
}

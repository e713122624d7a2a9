/** A WAV file of faint noise: a recording without speech, which the pipeline finishes at once. 32 kB a second. */
export function quietAudio(seconds: number): Buffer {
  const [rate, samples] = [16_000, seconds * 16_000];
  const file = Buffer.alloc(44 + samples * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + samples * 2, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples * 2, 40);
  // The same noise every time: a linear congruential generator (Numerical Recipes' constants).
  let state = 1;
  for (let index = 0; index < samples; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    file.writeInt16LE((state % 9) - 4, 44 + index * 2);
  }
  return file;
}

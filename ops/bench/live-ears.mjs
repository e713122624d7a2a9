// What a sender knows of its sound with the server's voice detector. In a live session a clinician's own computer hears it while it is spoken; here it is heard before the round.
import { readFile } from 'node:fs/promises';
import { setImmediate as immediate } from 'node:timers/promises';
import { VoiceEnds, VoiceNetwork } from '../../libs/client/dist/index.js';
import { modelPaths } from '../../libs/speech/dist/models/model-registry.js';
import { FRAME_SAMPLES } from './live-sound.mjs';

/** Answers of each frame of mono sound whether somebody waits for it; what was heard under the same name is not heard again. */
export async function senderEars(modelDir, model) {
  const { buffer, byteOffset, byteLength } = await readFile(modelPaths(model, modelDir).voiceWeights);
  const network = new VoiceNetwork(buffer.slice(byteOffset, byteOffset + byteLength));
  const heard = new Map();
  const hear = (sound) => {
    const ends = new VoiceEnds(network, 1);
    return Array.from({ length: sound.length / FRAME_SAMPLES }, (_, frame) => ends.hear(new Uint8Array(sound.buffer, sound.byteOffset + frame * FRAME_SAMPLES * 2, FRAME_SAMPLES * 2)));
  };
  return async (name, sound) => {
    if (!heard.has(name)) heard.set(name, hear(sound));
    // It takes long: connections are looked after in between.
    await immediate();
    return heard.get(name);
  };
}

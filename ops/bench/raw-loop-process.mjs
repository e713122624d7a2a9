// The raw engine loop over one file: decode it, load the model, then time the loop alone. Prints { seconds, text } as JSON.
import { SileroVoiceDetector, loadRecognizer, rawLoop } from '../../libs/speech/dist/index.js';
import { decode } from './corpus.mjs';

const [path, modelDir] = process.argv.slice(2);
const [samples] = await decode(path);
// On the device that the product takes.
const { recognizer, parallel } = await loadRecognizer(modelDir, 'base', process.env.AUSCULT_SPEECH_DEVICE || 'auto');
// The system's worker is warm as well when a recording arrives.
await recognizer.recognize(samples.slice(0, 16_000 * 5));
const { wallSeconds, text } = await rawLoop(samples, { recognizer, createVoiceDetector: SileroVoiceDetector.from(modelDir), parallel });
process.stdout.write(JSON.stringify({ seconds: wallSeconds, text }));
process.exit(0);

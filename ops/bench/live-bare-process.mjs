// The bare live loop in a process of its own: the sessions of one round, paced in real time. Prints { finals, words, cpuPercent, behindMs } as JSON.
import { LIVE_PAUSE_SECONDS, SileroVoiceDetector, liveLoop, loadBackground, loadRecognizer } from '../../libs/speech/dist/index.js';
import { loadLiveCorpus } from './live-corpus.mjs';
import { cpuSecondsOf } from './live-processes.mjs';
import { firstOf, pcmOf, speechSound } from './live-sound.mjs';
import { countedMs, figuresOf } from './live-statistics.mjs';

const { model, modelDir, sessions, seconds } = JSON.parse(process.argv[2]);

const floats = (sound) => Float32Array.from(sound, (value) => value / 32_768);
const speech = pcmOf((await loadLiveCorpus()).utterances);
const spoken = Array.from({ length: sessions }, (_, session) => floats(speechSound(speech, firstOf(session, speech.length), seconds)));
// On the device that the product takes.
const loaded = await loadRecognizer(modelDir, model, process.env.AUSCULT_SPEECH_DEVICE || 'auto');
const { recognizer, parallel } = loaded;
const background = await loadBackground(loaded, modelDir, model);
// The product's live process is warm as well when the round begins.
await recognizer.recognize(spoken[0].slice(0, 16_000 * 5));
const cpuBefore = cpuSecondsOf(process.pid);
const { finals, wordSightMs, firmWords, firmWrong, wallSeconds } = await liveLoop({
  sessions: spoken, recognizer, background, createVoiceDetector: SileroVoiceDetector.from(modelDir, LIVE_PAUSE_SECONDS), parallel, countedMs: countedMs(seconds),
});
const cpuSeconds = cpuSecondsOf(process.pid) - cpuBefore;
process.stdout.write(JSON.stringify({
  behindMs: wallSeconds * 1000 - Math.max(...spoken.map(({ length }) => length)) / 16,
  finals: figuresOf(finals.map(({ lagMs }) => lagMs)), words: figuresOf(wordSightMs), firmWords, firmWrong, cpuPercent: (cpuSeconds / wallSeconds) * 100,
}));
process.exit(0);

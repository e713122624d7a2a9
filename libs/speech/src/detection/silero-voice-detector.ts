import { accessSync } from 'node:fs';
import { SAMPLE_RATE } from '../audio/opened-audio.js';
import { modelPaths } from '../models/model-registry.js';
import { type Vad, loadSherpaOnnx } from '../recognition/sherpa-onnx.js';
import { type CreateVoiceDetector, VoiceDetector, type VoicedSpan } from './voice-detector.js';

/** The model's own step: 32 ms at 16 kHz. */
const WINDOW = 512;

/**
 * Measured over 12 minutes of LibriSpeech test-other (docs/benchmarks.md): a low threshold and cutting at short pauses
 * gave the fewest word errors once neighbours are joined again; above 20 s Moonshine gets worse. With sherpa-onnx's usual
 * 0.25 s of speech at least, short answers between pauses ("ask not", "yes") are lost.
 */
const SETTINGS = { threshold: 0.3, minSpeechDuration: 0.1, maxSpeechDuration: 20 };
const SHORTEST_PAUSE_SECONDS = 0.25;
/** sherpa-onnx keeps what it has heard in a ring of this length; it must exceed the longest span. */
const BUFFER_SECONDS = 60;

/**
 * How far before the moment of detection a span can begin: sherpa-onnx starts it by its shortest speech and two windows
 * earlier (0.17 s here); the rest is reserve.
 */
const LOOKBACK = 12 * WINDOW;
/**
 * Speech without any pause (or a hum that the model takes for a voice) is cut here. Beyond its 20 s sherpa-onnx only looks
 * harder for a pause; without a bound one span would grow with the recording.
 */
const FORCED_CUT = 24 * SAMPLE_RATE;

/** Silero v5 through sherpa-onnx; about 390 times real time on one core, half as fast beside decodes. */
export class SileroVoiceDetector extends VoiceDetector {
  private fed = 0;
  private settled = 0;
  private detecting = false;
  private readonly window = new Float32Array(WINDOW);
  private filled = 0;

  private constructor(private readonly vad: Vad) {
    super();
  }

  /** A maker of detectors that use the file which `fetchModel` has put into `dir`. A pause of `shortestPauseSeconds` parts two spans. */
  static from(dir: string, shortestPauseSeconds = SHORTEST_PAUSE_SECONDS): CreateVoiceDetector {
    const { directVoiceDetector } = modelPaths('base', dir);
    // The addon ends the whole process where the file is missing.
    accessSync(directVoiceDetector);
    const { Vad: VadAddon } = loadSherpaOnnx();
    const config = {
      sileroVad: { model: directVoiceDetector, windowSize: WINDOW, minSilenceDuration: shortestPauseSeconds, ...SETTINGS },
      sampleRate: SAMPLE_RATE,
      numThreads: 1,
      provider: 'cpu' as const,
    };
    return () => new SileroVoiceDetector(new VadAddon(config, BUFFER_SECONDS));
  }

  override get settledUntil(): number {
    return this.settled;
  }

  override get speaking(): boolean {
    return this.detecting;
  }

  /** Making one takes 5 ms, this a microsecond; the spec holds both against each other. */
  override reset(): void {
    this.vad.reset();
    this.fed = 0;
    this.settled = 0;
    this.filled = 0;
    this.detecting = false;
  }

  /** Works window by window, so that the spans do not depend on how the sound was cut into pieces. */
  override accept(samples: Float32Array): VoicedSpan[] {
    const spans: VoicedSpan[] = [];
    for (let taken = 0; taken < samples.length; ) {
      const part = samples.subarray(taken, taken + WINDOW - this.filled);
      this.window.set(part, this.filled);
      this.filled += part.length;
      taken += part.length;
      if (this.filled < WINDOW) continue;
      this.step(spans);
      this.filled = 0;
    }
    return spans;
  }

  override flush(): VoicedSpan[] {
    const spans: VoicedSpan[] = [];
    const end = this.fed + this.filled;
    this.window.fill(0, this.filled);
    if (this.filled > 0) this.step(spans);
    this.vad.flush();
    this.take(spans);
    this.settled = end;
    return spans.map((span) => ({ start: span.start, end: Math.min(span.end, end) })).filter((span) => span.end > span.start);
  }

  private step(spans: VoicedSpan[]): void {
    this.vad.acceptWaveform(this.window);
    this.fed += WINDOW;
    this.take(spans);
    const detecting = this.vad.isDetected();
    if (detecting && this.fed - this.settled > FORCED_CUT) {
      this.vad.flush();
      this.take(spans);
      this.settled = Math.max(this.settled, spans.at(-1)?.end ?? 0);
    }
    // While a span is open it may begin as far back as it could when it was first detected.
    if (!detecting || !this.detecting) this.settled = Math.max(this.settled, this.fed - LOOKBACK);
    this.detecting = detecting;
  }

  private take(spans: VoicedSpan[]): void {
    for (; !this.vad.isEmpty(); this.vad.pop()) {
      const { start, samples } = this.vad.front(false);
      spans.push({ start, end: start + samples.length });
    }
  }
}

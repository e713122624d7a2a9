import { tone, toneDetector, toneNetwork } from '../testing/tone-network.js';
import { VOICE_WINDOW, VoiceHearing, VoiceNetwork } from './voice-network.js';

const windowOf = (hertz: number): Float32Array => Float32Array.from(tone(VOICE_WINDOW, hertz), (sample) => sample / 32_768);

describe('VoiceNetwork', () => {
  it('lets what it has learnt to hear through all layers, and nothing else', () => {
    const hearing = new VoiceHearing(toneNetwork());
    expect(hearing.hear(windowOf(500))).toBeGreaterThan(0.99);
    expect(hearing.hear(windowOf(3000))).toBeLessThan(0.01);
    expect(hearing.hear(new Float32Array(VOICE_WINDOW))).toBeLessThan(0.01);
  });

  it('remembers for each voice by itself', () => {
    const file = toneDetector();
    const numbers = new Float32Array(file);
    // The forget gate opens: what was heard stays.
    const forget = numbers.lastIndexOf(-10);
    numbers[forget] = 10;
    const network = new VoiceNetwork(file);
    const [one, other] = [new VoiceHearing(network), new VoiceHearing(network)];
    one.hear(windowOf(500));
    expect(one.hear(new Float32Array(VOICE_WINDOW))).toBeGreaterThan(0.99);
    expect(other.hear(new Float32Array(VOICE_WINDOW))).toBeLessThan(0.01);
  });

  it('refuses a file that is no voice detector', () => {
    expect(() => new VoiceNetwork(new ArrayBuffer(1000))).toThrow(RangeError);
  });
});

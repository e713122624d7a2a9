import { describe, expect, it } from '@jest/globals';
import { LevelVoiceDetector } from '../detection/level-voice-detector.js';
import { FakeRecognizer } from '../recognition/fake-recognizer.js';
import { conversation, voice } from '../testing/live-run.js';
import { joined, seconds } from '../testing/sounds.js';
import { SampleStore } from '../transcription/sample-store.js';
import type { LiveEvent } from './live-event.js';
import { LiveScheduler } from './live-scheduler.js';
import { LiveTrack } from './live-track.js';

describe('LiveTrack', () => {
  it('needs the sound of the last half minute only, however long the session and whatever is said', async () => {
    const minute = joined(conversation(40, 4), voice(20, 5));
    const sound = new SampleStore();
    const events: LiveEvent[] = [];
    const track = new LiveTrack({
      channel: 0, checkpoint: { sample: 0, nextIndex: 0 }, sound, other: null, detector: new LevelVoiceDetector(),
      decodes: new LiveScheduler(new FakeRecognizer(() => 'word'), { parallel: 2 }).open(),
      tell: (event) => Promise.resolve(void events.push(event)), onFailure: () => undefined,
    });
    for (let second = 0; second < 600; second += 1) {
      const at = seconds(second % 60);
      sound.append(minute.subarray(at, at + seconds(1)));
      track.advance();
      sound.forget(track.neededFrom);
      expect(sound.end - track.neededFrom).toBeLessThan(seconds(32));
      if (second % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await track.finish();
    expect(track.pending).toBe(0);
    expect(events.at(-1)).toMatchObject({ kind: 'settled', untilSample: seconds(600) });
  });
});

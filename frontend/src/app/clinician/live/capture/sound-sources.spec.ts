import { TestBed } from '@angular/core/testing';
import { troubleWords } from './capture-words';
import { SoundSources, SourceError, type SourceTrouble } from './sound-sources';

type Track = { kind: string; stopped: boolean; stop: () => void };
const aTrack = (kind: string): Track => ({ kind, stopped: false, stop() { this.stopped = true; } });

/** A stream as the browser gives it. */
class FakeStream {
  constructor(readonly tracks: readonly Track[]) {}
  getTracks = () => this.tracks;
  getAudioTracks = () => this.tracks.filter(({ kind }) => kind === 'audio');
  getVideoTracks = () => this.tracks.filter(({ kind }) => kind === 'video');
}

describe('SoundSources', () => {
  const devices = {
    getUserMedia: jest.fn(),
    getDisplayMedia: jest.fn(),
    enumerateDevices: jest.fn(),
    addEventListener: jest.fn((_event: string, listener: () => void) => (changed = listener)),
  };
  let changed: () => void;
  let sources: SoundSources;

  beforeEach(() => {
    jest.clearAllMocks();
    devices.enumerateDevices.mockResolvedValue([]);
    Object.defineProperty(navigator, 'mediaDevices', { value: devices, configurable: true });
    Object.assign(globalThis, { AudioWorkletNode: FakeStream, MediaStream: FakeStream });
    TestBed.configureTestingModule({ providers: [SoundSources] });
    sources = TestBed.inject(SoundSources);
  });
  afterEach(() => {
    Object.defineProperty(navigator, 'mediaDevices', { value: undefined, configurable: true });
  });

  const troubleOf = (asked: Promise<unknown>): Promise<unknown> => asked.then(() => 'none', (error: unknown) => (error instanceof SourceError ? error.trouble : error));

  it.each<[string, SourceTrouble]>([
    ['NotAllowedError', 'denied'], ['SecurityError', 'denied'], ['NotFoundError', 'no-device'], ['OverconstrainedError', 'no-device'],
    ['NotReadableError', 'busy'], ['AbortError', 'busy'], ['DataError', 'failed'],
  ])('a microphone that answers %s is %s, and there are words for what to do', async (name, trouble) => {
    devices.getUserMedia.mockRejectedValue(new DOMException('', name));
    expect(await troubleOf(sources.microphone(null, false))).toBe(trouble);
    const { title, advice } = troubleWords(trouble);
    expect(title).toMatch(/\w+ \w+/);
    expect(advice).toMatch(/^(Allow|Connect|Another|Try)/);
  });

  it('asks for the chosen microphone, without echo only beside a call', async () => {
    devices.getUserMedia.mockResolvedValue(new FakeStream([aTrack('audio')]));
    await sources.microphone('desk', true);
    await sources.microphone(null, false);
    const asked = devices.getUserMedia.mock.calls.map(([{ audio }]: [{ audio: MediaTrackConstraints }]) => [audio.deviceId, audio.echoCancellation]);
    expect(asked).toEqual([[{ exact: 'desk' }, true], [undefined, false]]);
  });

  it('takes the sound of a call and drops its picture at once', async () => {
    const [sound, picture] = [aTrack('audio'), aTrack('video')];
    devices.getDisplayMedia.mockResolvedValue(new FakeStream([picture, sound]));
    const stream = await sources.call();
    expect(stream.getTracks()).toEqual([sound]);
    expect([sound.stopped, picture.stopped]).toEqual([false, true]);
  });

  it('says when the call was shared without its sound, and lets go of the picture', async () => {
    const picture = aTrack('video');
    devices.getDisplayMedia.mockResolvedValue(new FakeStream([picture]));
    expect(await troubleOf(sources.call())).toBe('no-shared-sound');
    expect(picture.stopped).toBe(true);
  });

  it('says when nothing was shared', async () => {
    devices.getDisplayMedia.mockRejectedValue(new DOMException('', 'NotAllowedError'));
    expect(await troubleOf(sources.call())).toBe('denied');
    expect(troubleWords('denied', true).title).toBe('The call’s sound was not shared');
  });

  it('lists microphones by name, each once, and hears of new ones', async () => {
    devices.enumerateDevices.mockResolvedValue([
      { kind: 'audioinput', deviceId: 'default', label: 'Default' },
      { kind: 'audioinput', deviceId: 'desk', label: 'Desk microphone' },
      { kind: 'audiooutput', deviceId: 'loud', label: 'Loudspeaker' },
      { kind: 'audioinput', deviceId: 'unnamed', label: '' },
    ]);
    changed();
    await new Promise<void>((resolve) => setTimeout(resolve));
    expect(sources.microphones()).toEqual([{ id: 'desk', label: 'Desk microphone' }]);
  });
});

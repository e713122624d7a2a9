import { TestBed } from '@angular/core/testing';
import type { AudioLinkView } from '@auscult/contracts';
import { AUSCULT_CLIENT } from '../../core/auscult-client.token';
import { AudioPlayer } from './audio-player';
import { FakeAudio } from './testing/fake-audio';

const MINUTE = 60_000;

describe('AudioPlayer', () => {
  let links: number;
  let linkLastsMs: number;
  let clockIsAheadMs: number;
  let reachable: boolean;
  let player: AudioPlayer;
  let audioLink: () => Promise<AudioLinkView>;
  const settled = () => jest.advanceTimersByTimeAsync(0);
  /** Jumps on: minutes of frames one by one would take the spec as long. */
  const later = (ms: number) => {
    jest.setSystemTime(Date.now() + ms);
    return jest.advanceTimersByTimeAsync(50);
  };

  beforeEach(async () => {
    jest.useFakeTimers({ now: 1_800_000_000_000 });
    FakeAudio.made = [];
    Object.assign(globalThis, { Audio: FakeAudio, MediaError: { MEDIA_ERR_NETWORK: 2 } });
    links = 0;
    linkLastsMs = 10 * MINUTE;
    clockIsAheadMs = 0;
    reachable = true;
    audioLink = async () => {
      if (!reachable) throw new Error('offline');
      return { url: `/audio/${(links += 1)}`, expiresAt: new Date(Date.now() - clockIsAheadMs + linkLastsMs).toISOString(), mediaType: 'audio/wav' };
    };
    TestBed.configureTestingModule({ providers: [AudioPlayer, { provide: AUSCULT_CLIENT, useValue: { recordings: { audioLink } } }] });
    player = TestBed.inject(AudioPlayer);
    player.open('recording-1');
    await settled();
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    jest.useRealTimers();
  });

  it('loads the link, plays, tells the place and pauses', async () => {
    const audio = FakeAudio.last;
    expect(audio.loads).toEqual(['/audio/1']);
    expect(player.durationMs()).toBe(600_000);
    await player.play();
    expect([player.playing(), player.waiting()]).toEqual([true, false]);
    audio.currentTime = 12.5;
    await jest.advanceTimersByTimeAsync(50);
    expect(player.positionMs()).toBe(12_500);
    player.pause();
    expect(player.playing()).toBe(false);
  });

  it('trusts the recording before the element for the length', () => {
    player.setDuration(599_000);
    expect(player.durationMs()).toBe(599_000);
  });

  it('seeks within the ends, on the same link while that lasts', () => {
    player.seek(30_000);
    expect(FakeAudio.last.currentTime).toBe(30);
    player.seek(-5);
    expect(player.positionMs()).toBe(0);
    player.seek(1e9);
    expect(player.positionMs()).toBe(600_000);
    expect(links).toBe(1);
  });

  it('takes a new link for a seek or a start when the old one is about to end', async () => {
    await jest.advanceTimersByTimeAsync(linkLastsMs - 5_000);
    player.seek(42_000);
    await settled();
    expect(links).toBe(2);
    expect(FakeAudio.last.loads.at(-1)).toBe('/audio/2');
    expect(FakeAudio.last.currentTime).toBe(42);
    await jest.advanceTimersByTimeAsync(linkLastsMs);
    await player.play();
    expect(links).toBe(3);
    expect(player.playing()).toBe(true);
  });

  it('swaps in a new link where nobody speaks, without stopping', async () => {
    const first = FakeAudio.last;
    let quiet = false;
    player.quietAt = () => quiet;
    await player.play();
    first.currentTime = 100;
    await later(linkLastsMs - 55_000);
    expect(links).toBe(2);
    expect(first.paused).toBe(false);
    quiet = true;
    first.currentTime = 101;
    await jest.advanceTimersByTimeAsync(50);
    const second = FakeAudio.last;
    expect(second).not.toBe(first);
    expect([second.currentTime, second.paused, first.paused]).toEqual([101, false, true]);
    expect(player.playing()).toBe(true);
    second.currentTime = 105;
    await jest.advanceTimersByTimeAsync(50);
    expect(player.positionMs()).toBe(105_000);
  });

  it('swaps before the link ends even when somebody speaks all the time', async () => {
    const first = FakeAudio.last;
    await player.play();
    await later(linkLastsMs - 55_000);
    expect(first.paused).toBe(false);
    await later(51_000);
    expect(first.paused).toBe(true);
    expect(player.playing()).toBe(true);
  });

  it.each([4, 4.5, 6])('takes no link after link where the clock of this device is %d minutes ahead', async (minutes) => {
    [linkLastsMs, clockIsAheadMs] = [5 * MINUTE, minutes * MINUTE];
    player.quietAt = () => true;
    player.open('recording-2');
    await settled();
    await player.play();
    for (let second = 0; second < 20; second += 1) await later(1_000);
    const [taken, element] = [links, FakeAudio.last];
    for (let time = 0; time < 5; time += 1) await later(1_000);
    expect([links, FakeAudio.last]).toEqual([taken, element]);
    expect(taken).toBeLessThan(5);
    expect(player.playing()).toBe(true);
  });

  it('plays nothing before there is a recording, nor by itself once there is one', async () => {
    TestBed.resetTestingModule();
    TestBed.configureTestingModule({ providers: [AudioPlayer, { provide: AUSCULT_CLIENT, useValue: { recordings: { audioLink } } }] });
    player = TestBed.inject(AudioPlayer);
    links = 0;
    player.toggle();
    await settled();
    expect([player.playing(), player.waiting(), player.isOpen(), links]).toEqual([false, false, false, 0]);
    player.open('recording-1');
    await settled();
    expect([player.playing(), player.isOpen(), FakeAudio.last.paused]).toEqual([false, true, true]);
  });

  it('goes on at the same place when the connection broke', async () => {
    await player.play();
    FakeAudio.last.currentTime = 20;
    await jest.advanceTimersByTimeAsync(50);
    FakeAudio.last.fail(2);
    await settled();
    expect(links).toBe(2);
    expect(FakeAudio.last.currentTime).toBe(20);
    expect([player.playing(), player.trouble()]).toEqual([true, null]);
  });

  it('says so when the browser cannot play it, and when it cannot be reached', async () => {
    for (let time = 0; time < 3; time += 1) {
      FakeAudio.last.fail(4);
      await settled();
    }
    expect(player.trouble()).toBe('unplayable');
    reachable = false;
    await player.play();
    expect([player.trouble(), player.playing()]).toEqual(['unreachable', false]);
    reachable = true;
    await player.play();
    expect([player.trouble(), player.playing()]).toEqual([null, true]);
  });

  it('begins again after the end', async () => {
    await player.play();
    Object.assign(FakeAudio.last, { ended: true });
    FakeAudio.last.dispatchEvent(new Event('ended'));
    expect([player.playing(), player.positionMs()]).toEqual([false, 600_000]);
    await player.play();
    expect(FakeAudio.last.currentTime).toBe(0);
  });

  it('keeps the speed over a new link', async () => {
    player.setRate(1.5);
    await jest.advanceTimersByTimeAsync(linkLastsMs);
    await player.play();
    expect(FakeAudio.last.playbackRate).toBe(1.5);
  });
});

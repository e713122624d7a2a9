import { Dialog } from '@angular/cdk/dialog';
import { TestBed } from '@angular/core/testing';
import { Dialogs } from '@auscult/ui';
import { AUSCULT_CLIENT } from '../../core/auscult-client.token';
import { AudioPlayer } from './audio-player';
import { LineActions } from './line-actions';
import { PageKeys } from './page-keys';
import { PlaybackFollow } from './playback-follow';
import { FakeAudio } from './testing/fake-audio';

describe('PageKeys', () => {
  const audioLink = jest.fn(async () => ({ url: '/audio', expiresAt: new Date(Date.now() + 600_000).toISOString(), mediaType: 'audio/wav' }));
  const sought = jest.fn();
  let player: AudioPlayer;
  let keys: PageKeys;

  beforeEach(() => {
    jest.clearAllMocks();
    Object.assign(globalThis, { Audio: FakeAudio });
    TestBed.configureTestingModule({
      providers: [
        AudioPlayer, PageKeys,
        { provide: AUSCULT_CLIENT, useValue: { recordings: { audioLink } } },
        { provide: PlaybackFollow, useValue: { sought } },
        { provide: LineActions, useValue: {} },
        { provide: Dialog, useValue: { openDialogs: [] } },
        { provide: Dialogs, useValue: {} },
      ],
    });
    player = TestBed.inject(AudioPlayer);
    keys = TestBed.inject(PageKeys);
  });

  /** Answers whether the page took the key from the browser. */
  const press = (key: string, more: KeyboardEventInit = {}) => !document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));

  it('leaves the keys of the player to the browser while there is nothing to play', () => {
    const rate = player.rate();
    expect([' ', 'k', 'j', 'l', 'ArrowLeft', 'ArrowRight', '<', '>'].filter((key) => press(key))).toEqual([]);
    expect(press(' ', { ctrlKey: true })).toBe(false);
    expect([player.playing(), player.positionMs(), player.rate()]).toEqual([false, 0, rate]);
    expect(sought).not.toHaveBeenCalled();
    expect(audioLink).not.toHaveBeenCalled();
  });

  it('has the other keys all the same', () => {
    keys.focusSearch = jest.fn();
    expect(press('/')).toBe(true);
    expect(keys.focusSearch).toHaveBeenCalledTimes(1);
  });

  it('plays, pauses and moves a recording', async () => {
    player.open('recording-1');
    await audioLink.mock.results[0]?.value;
    for (const [key, more] of [[' ', {}], ['k', {}], [' ', { ctrlKey: true }]] as const) {
      const before = player.playing();
      expect(press(key, more)).toBe(true);
      expect(player.playing()).toBe(!before);
    }
    expect([press('l'), press('ArrowLeft')]).toEqual([true, true]);
    expect(player.positionMs()).toBe(5_000);
    expect(sought).toHaveBeenCalledTimes(2);
  });
});

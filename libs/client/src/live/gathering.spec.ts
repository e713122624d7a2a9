import { Gathering } from './gathering.js';
import { tone, toneNetwork } from './testing/tone-network.js';

const FRAME = 1_600;
const voice = new Uint8Array(tone(FRAME).buffer);
const noise = new Uint8Array(tone(FRAME, 3000).buffer);

/** Ten frames of a voice from frame 0 on and so many of noise; then the silences are complete with frames 12 and 15. */
function heard(noisy: number): Gathering {
  const gathering = new Gathering(1);
  gathering.listenBy(toneNetwork());
  for (let frame = 0; frame < 10 + noisy; frame += 1) gathering.hear(frame < 10 ? voice : noise, frame + 1);
  return gathering;
}

describe('Gathering', () => {
  it('finds a message worth it that is as long as the server would like, or holds what is waited for', () => {
    const gathering = heard(4);
    expect(gathering.isWorthAMessage(8, 0, 8)).toBe(true);
    expect(gathering.isWorthAMessage(8, 8, 12)).toBe(false);
    expect(gathering.isWorthAMessage(8, 8, 13)).toBe(true);
    expect(gathering.isWorthAMessage(8, 13, 14)).toBe(false);
  });

  it('knows of what is waited for also when newer frames are, while only the older can be read', () => {
    const gathering = heard(6);
    expect(gathering.isWorthAMessage(8, 10, 13)).toBe(true);
    expect(gathering.isWorthAMessage(8, 13, 15)).toBe(false);
    expect(gathering.isWorthAMessage(8, 13, 16)).toBe(true);
  });

  it('goes with frames that get other numbers', () => {
    const gathering = heard(6);
    gathering.move(20);
    expect(gathering.isWorthAMessage(8, 13, 16)).toBe(false);
    expect(gathering.isWorthAMessage(8, 30, 33)).toBe(true);
  });

  it('keeps listening by the same ears when it is given them again', () => {
    const gathering = heard(2);
    gathering.listenBy(toneNetwork());
    gathering.hear(noise, 13);
    expect(gathering.isWorthAMessage(8, 12, 13)).toBe(true);
  });
});

import { AudioLink } from './audio-link';

const MINUTE = 60_000;

describe('AudioLink', () => {
  let serverIsBehindMs: number;
  let livesMs: number;
  let link: AudioLink;
  const pass = (ms: number) => jest.setSystemTime(Date.now() + ms);
  /** Answers what it would do: how many of so many questions in a row made it ask for another link. */
  const renewals = async (questions: number) => {
    let asked = 0;
    for (let question = 0; question < questions; question += 1) {
      pass(1_000);
      if (link.lasts(MINUTE)) continue;
      asked += 1;
      await link.renew();
    }
    return asked;
  };

  beforeEach(() => {
    jest.useFakeTimers({ now: 1_800_000_000_000 });
    [serverIsBehindMs, livesMs] = [0, 5 * MINUTE];
    link = new AudioLink(async () => ({ url: '/audio', expiresAt: new Date(Date.now() - serverIsBehindMs + livesMs).toISOString(), mediaType: 'audio/wav' }));
  });
  afterEach(() => jest.useRealTimers());

  it('lasts for what is left of its life', async () => {
    expect(link.lasts(0)).toBe(false);
    await link.renew();
    pass(4 * MINUTE - 1);
    expect(link.lasts(MINUTE)).toBe(true);
    pass(1);
    expect([link.lasts(MINUTE), link.lasts(MINUTE - 1)]).toEqual([false, true]);
    await link.renew();
    expect(link.lasts(4 * MINUTE)).toBe(true);
  });

  it.each([4.2, 4.9, 6, 60])('trusts a fresh link when the clock of this device is %d minutes ahead', async (minutes) => {
    serverIsBehindMs = minutes * MINUTE;
    await link.renew();
    expect(await renewals(30)).toBe(1);
    expect(await renewals(200)).toBe(0);
  });

  it('takes another one where the first was long on its way', async () => {
    livesMs = 1_000;
    await link.renew();
    expect(link.lasts(20_000)).toBe(false);
    livesMs = 5 * MINUTE;
    await link.renew();
    expect(link.lasts(4 * MINUTE)).toBe(true);
  });

  it.each([0, 4])('trusts a link that may have one minute for half of it, with a clock that is %d minutes ahead', async (minutes) => {
    [livesMs, serverIsBehindMs] = [(1 + minutes) * MINUTE, minutes * MINUTE];
    await link.renew();
    expect(await renewals(29)).toBe(0);
    expect(await renewals(1)).toBe(1);
  });

  it('does not wait for years where the clock is that wrong', async () => {
    serverIsBehindMs = -1e11;
    await link.renew();
    pass(5 * MINUTE);
    expect(link.lasts(0)).toBe(false);
  });
});

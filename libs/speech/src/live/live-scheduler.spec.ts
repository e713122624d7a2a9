import { describe, expect, it, jest } from '@jest/globals';
import { BackgroundFailedError } from '../recognition/background/background-recognizer.js';
import { type Recognition, Recognizer } from '../recognition/recognizer.js';
import { noise } from '../testing/sounds.js';
import type { Excerpt } from '../transcription/guarded-recognizer.js';
import type { PartialSource } from './decode-session.js';
import { LiveScheduler } from './live-scheduler.js';

/** Answers when it is told to, and notes by their lengths what it is given. */
class GatedRecognizer extends Recognizer {
  override readonly name = 'gated';
  override readonly capabilities = { wordTimes: false };
  readonly started: number[] = [];
  override unusable: Error | null = null;
  readonly inHand: { resolve: (recognition: Recognition) => void; reject: (reason: unknown) => void }[] = [];

  override recognize(samples: Float32Array): Promise<Recognition> {
    this.started.push(samples.length);
    return new Promise((resolve, reject) => this.inHand.push({ resolve, reject }));
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }

  async answer(): Promise<void> {
    this.inHand.shift()?.resolve({ text: 'word' });
    await settled();
  }

  async refuse(reason: unknown): Promise<void> {
    this.inHand.shift()?.reject(reason);
    await settled();
  }

  async answerAll(): Promise<number[]> {
    while (this.inHand.length > 0) await this.answer();
    return this.started;
  }

  async untilStarted(count: number): Promise<void> {
    while (this.started.length < count) await settled();
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

function excerpt(length: number): Excerpt {
  // Loud and soft by turns: the guard lets nothing else through.
  return { samples: noise(length, 0.5).map((value, i) => value * (i % 640 < 320 ? 1 : 0.1)), voiced: [{ start: 0, end: length }] };
}

function source(length: number): PartialSource & { readonly texts: string[] } {
  const texts: string[] = [];
  return { texts, take: () => ({ excerpt: excerpt(length), heard: (text) => texts.push(text) > 0 }) };
}

/** Of a machine that does one decode at once: two are in flight in the foreground, and one refinement and one partial in the background. */
function scheduler(parallel = 1) {
  const [recognizer, background] = [new GatedRecognizer(), new GatedRecognizer()];
  return { recognizer, background, scheduler: new LiveScheduler(recognizer, { parallel, background }) };
}

function openSpeakers(live: LiveScheduler, ...lengths: number[]) {
  return lengths.map((length) => {
    const speaker = { session: live.open(), source: source(length) };
    speaker.session.wantPartial(speaker.source);
    return speaker;
  });
}

describe('LiveScheduler', () => {
  it('hears what somebody waits for in the foreground, one more than the machine does at once, and refinements in the background', async () => {
    const { recognizer, background, scheduler: live } = scheduler();
    const session = live.open();
    for (const length of [9000, 8000, 4000]) session.decode('final', excerpt(length));
    for (const length of [6000, 5000]) session.decode('refinement', excerpt(length));
    expect([recognizer.started, background.started]).toEqual([[9000, 8000], [6000]]);
    expect(live.stats).toMatchObject({ waiting: 2, waitingFinals: 1, waitingRefinements: 1, running: 3 });
    expect(await background.answerAll()).toEqual([6000, 5000]);
    expect(await recognizer.answerAll()).toEqual([9000, 8000, 4000]);
    expect(live.stats).toMatchObject({ waiting: 0, running: 0, finals: 3, refinements: 2 });
  });

  it('hears everything by one recogniser where there is no other', async () => {
    const recognizer = new GatedRecognizer();
    const session = new LiveScheduler(recognizer, { parallel: 1 }).open();
    session.decode('refinement', excerpt(6000));
    session.decode('final', excerpt(4000));
    expect(await recognizer.answerAll()).toEqual([6000, 4000]);
  });

  it('hears the partials of few speakers in the foreground, behind finals', async () => {
    const { recognizer, background, scheduler: live } = scheduler();
    const session = live.open();
    for (const length of [9000, 8000]) session.decode('final', excerpt(length));
    session.wantPartial(source(3000));
    session.decode('final', excerpt(4000));
    expect(await recognizer.answerAll()).toEqual([9000, 8000, 4000, 3000]);
    expect(background.started).toEqual([]);
  });

  it('hears the partials of some speakers in the background, beside refinements, as many at once as the machine does, and the next at once', async () => {
    const { recognizer, background, scheduler: live } = scheduler(2);
    const speakers = openSpeakers(live, 3001, 3002, 3003, 3004, 3005, 3006);
    await recognizer.answerAll();
    expect([recognizer.started, background.started]).toEqual([[3001], [3002, 3003]]);
    speakers[0]?.session.decode('refinement', excerpt(9000));
    await background.answer();
    expect(background.started).toEqual([3002, 3003, 9000, 3004]);
    expect(await background.answerAll()).toEqual([3002, 3003, 9000, 3004, 3005, 3006]);
  });

  it('hears the partials of many speakers there one after the other, and rests in between', async () => {
    const { recognizer, background, scheduler: live } = scheduler(2);
    // The first began while fewer spoke.
    openSpeakers(live, ...Array.from({ length: 17 }, (_, speaker) => 3001 + speaker));
    await recognizer.answerAll();
    for (const heard of [1, 2, 3]) {
      await background.untilStarted(heard);
      expect(background.inHand).toHaveLength(1);
      await background.answer();
      expect(background.inHand).toHaveLength(0);
    }
  });

  it('leaves a slot to finals where partials are heard by the same recogniser', () => {
    const recognizer = new GatedRecognizer();
    openSpeakers(new LiveScheduler(recognizer, { parallel: 2 }), 3001, 3002, 3003, 3004);
    expect(recognizer.started).toEqual([3001]);
  });

  it('takes guesses after finals, and one that is confirmed as a final', async () => {
    const { recognizer, scheduler: live } = scheduler();
    const session = live.open();
    for (const length of [9000, 8000]) session.decode('final', excerpt(length));
    session.decode('guess', excerpt(5000));
    const guess = session.decode('guess', excerpt(6000));
    session.decode('final', excerpt(7000));
    guess.confirm();
    expect(await recognizer.answerAll()).toEqual([9000, 8000, 6000, 7000, 5000]);
  });

  it('knows how many sessions share a slot', () => {
    const { scheduler: live } = scheduler(2);
    const sessions = [live.open(), live.open(), live.open()];
    expect(live.sessionsPerSlot).toBe(1.5);
    for (const session of sessions) session.close();
    sessions[0]?.close();
    expect(live.sessionsPerSlot).toBe(0);
  });

  it('lets no session that catches up hold up the others', async () => {
    const { recognizer, background, scheduler: live } = scheduler();
    const [behind, current] = [live.open(), live.open()];
    for (let i = 0; i < 6; i += 1) {
      behind.decode('final', excerpt(8000 + i));
      behind.decode('refinement', excerpt(9000 + i));
    }
    await recognizer.answer();
    await background.answer();
    current.decode('final', excerpt(2000));
    current.decode('refinement', excerpt(3000));
    expect((await recognizer.answerAll()).indexOf(2000)).toBeLessThanOrEqual(3);
    expect((await background.answerAll()).indexOf(3000)).toBeLessThanOrEqual(2);
  });

  it('hears in the order of asking, however long the sound was that it heard of a session before', async () => {
    const { recognizer, scheduler: live } = scheduler();
    const [first, second, third] = [live.open(), live.open(), live.open()];
    first.decode('final', excerpt(50_000));
    await recognizer.answer();
    for (const length of [9000, 8000]) second.decode('final', excerpt(length));
    first.decode('final', excerpt(2000));
    third.decode('final', excerpt(4000));
    expect(await recognizer.answerAll()).toEqual([50_000, 9000, 8000, 2000, 4000]);
  });

  it('waits before it hears the same speaker again', async () => {
    const { recognizer, scheduler: live } = scheduler();
    const session = live.open();
    const speaker = source(3000);
    session.wantPartial(speaker);
    await recognizer.answerAll();
    session.wantPartial(speaker);
    expect(recognizer.started).toHaveLength(1);
    const again = new Promise<void>((resolve) => (speaker.take = () => (resolve(), null)));
    await again;
  });

  it('begins one partial of a speaker who catches up, however much comes at once', async () => {
    const { recognizer, scheduler: live } = scheduler(4);
    const session = live.open();
    const speaker = source(3000);
    for (let message = 0; message < 10; message += 1) session.wantPartial(speaker);
    expect(recognizer.started).toEqual([3000]);
    await recognizer.untilStarted(2);
  });

  it('does not count those as speaking whose sound has stopped coming in the middle of a word', async () => {
    const clock = jest.spyOn(performance, 'now').mockReturnValue(1000);
    try {
      const { recognizer, background, scheduler: live } = scheduler(2);
      const speakers = openSpeakers(live, 3001, 3002, 3003, 3004);
      await recognizer.answerAll();
      await background.answerAll();
      clock.mockReturnValue(3100);
      speakers[0]?.session.wantPartial(speakers[0].source);
      expect([recognizer.started, background.started]).toEqual([[3001, 3001], [3002, 3003, 3004]]);
    } finally {
      clock.mockRestore();
    }
  });

  it('drops a partial whose utterance is over before its turn came', async () => {
    const { recognizer, scheduler: live } = scheduler();
    const session = live.open();
    for (const length of [4000, 5000]) session.decode('final', excerpt(length));
    const speaker = source(3000);
    session.wantPartial(speaker);
    session.withdrawPartial(speaker);
    expect(await recognizer.answerAll()).toEqual([4000, 5000]);
    expect(live.stats.droppedPartials).toBe(1);
  });

  it('drops a decode that is not needed any more', async () => {
    const { recognizer, scheduler: live } = scheduler();
    const session = live.open();
    for (const length of [4000, 5000]) session.decode('final', excerpt(length));
    session.decode('final', excerpt(6000)).cancel();
    expect(await recognizer.answerAll()).toEqual([4000, 5000]);
  });

  it('drops what waits when a session closes, and goes on for the others', async () => {
    const { recognizer, scheduler: live } = scheduler();
    const [closing, other] = [live.open(), live.open()];
    for (const length of [4000, 4500, 5000]) closing.decode('final', excerpt(length));
    closing.wantPartial(source(3000));
    other.decode('final', excerpt(6000));
    closing.close();
    expect(await recognizer.answerAll()).toEqual([4000, 4500, 6000]);
  });

  it('fails no session for what the background fails at: nobody waits for it', async () => {
    const { recognizer, background, scheduler: live } = scheduler(2);
    const failures: unknown[] = [];
    const speakers = openSpeakers(live, 3001, 3002, 3003);
    for (const { session } of speakers) session.onFailure = (reason) => failures.push(reason);
    const refinement = speakers[0]?.session.decode('refinement', excerpt(9000)).result;
    await recognizer.answerAll();
    expect(background.started).toEqual([3002, 9000, 3003]);
    while (background.inHand.length > 0) await background.refuse(new BackgroundFailedError('its process ended'));
    expect(await refinement).toEqual({ text: '', unheard: true });
    expect(failures).toEqual([]);
  });

  it('hears everything in the foreground once the background is unusable, and says so once', async () => {
    const [recognizer, background, lost] = [new GatedRecognizer(), new GatedRecognizer(), [] as Error[]];
    const live = new LiveScheduler(recognizer, { parallel: 2, background, onBackgroundLost: (reason) => lost.push(reason) });
    const session = live.open();
    session.decode('refinement', excerpt(8000));
    background.unusable = new BackgroundFailedError('its process ended');
    await background.refuse(background.unusable);
    for (const length of [9000, 9001]) session.decode('refinement', excerpt(length));
    openSpeakers(live, 3001, 3002, 3003, 3004);
    expect([recognizer.started, background.started]).toEqual([[9000, 9001, 3001], [8000]]);
    expect(lost).toEqual([background.unusable]);
  });

  it('tells only the sessions concerned that the recogniser failed', async () => {
    const { recognizer, scheduler: live } = scheduler();
    const [unlucky, other] = [live.open(), live.open()];
    const error = new Error('engine fell over');
    const failures: unknown[] = [];
    unlucky.onFailure = (reason) => failures.push(reason);
    const failing = expect(unlucky.decode('final', excerpt(4000)).result).rejects.toBe(error);
    const working = other.decode('final', excerpt(5000)).result;
    unlucky.wantPartial(source(3000));
    await recognizer.refuse(error);
    await failing;
    await recognizer.answer();
    await expect(working).resolves.toEqual({ text: 'word' });
    await recognizer.refuse(error);
    expect(failures).toEqual([error]);
  });
});

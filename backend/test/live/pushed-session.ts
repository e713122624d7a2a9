import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { LiveSession, RealtimeClient, fixedAccessToken } from '@auscult/client';
import { LIVE_FRAME_MS, type LiveChannelCount } from '@auscult/contracts';
import type { Caller } from '../transcription/caller.js';
import type { LiveSound } from './live-sound.js';

type State = LiveSession['state'];

/** A session as the browser and `npm run live` send it: the product's own sender, which sound is pushed into. */
export class PushedSession {
  readonly recordingId = randomUUID();
  /** Every state that it was in. */
  readonly states: State[] = [];
  private readonly realtime: RealtimeClient;
  private readonly session: LiveSession;
  private readonly waiting = new Set<() => void>();
  private pushed = 0;

  /** @param url where its network begins */
  constructor({ token }: Caller, url: string, private readonly sound: LiveSound) {
    this.realtime = new RealtimeClient({ baseUrl: url, accessToken: fixedAccessToken(token ?? '') });
    this.session = new LiveSession({
      realtime: this.realtime, recordingId: this.recordingId, channelCount: sound.channelCount as LiveChannelCount, source: 'file',
      onState: (state) => {
        this.states.push(state);
        for (const look of [...this.waiting]) look();
      },
    });
  }

  get state(): State {
    return this.session.state;
  }

  push(until: number): void {
    this.session.push(this.sound.bytes(this.pushed, until));
    this.pushed = until;
  }

  /** As a microphone does: frame after frame, each when it has been spoken. */
  async speak(until: number): Promise<void> {
    const [startedAt, first] = [performance.now(), this.pushed];
    while (this.pushed < until) {
      const early = startedAt + (this.pushed + 1 - first) * LIVE_FRAME_MS - performance.now();
      if (early > 0) await pause(early);
      this.push(this.pushed + 1);
    }
  }

  /** Resolves with the first state, this one or a later one, of which `holds` is true. */
  until(holds: (state: State) => boolean): Promise<State> {
    return new Promise((resolve) => {
      const look = () => {
        if (!holds(this.state)) return;
        this.waiting.delete(look);
        resolve(this.state);
      };
      this.waiting.add(look);
      look();
    });
  }

  async finish(): Promise<void> {
    await this.session.finish();
    await this.until(({ phase }) => phase === 'finished');
  }

  close(): void {
    void this.session.close();
    this.realtime.close();
  }
}

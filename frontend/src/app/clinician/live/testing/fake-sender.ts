import type { LiveSendState, LiveSender, LiveSessionOptions } from '@auscult/client';

/** The sending side as a spec writes it: says what was asked of it, and tells the state that it is given. */
export class FakeSender implements LiveSender {
  static made: FakeSender[] = [];
  static get last(): FakeSender {
    return FakeSender.made.at(-1)!;
  }

  readonly recordingId: string;
  readonly asked: string[] = [];
  positionMs = 0;
  state: LiveSendState = { phase: 'connecting', received: 0, stored: 0, kept: 0, unsent: 0, paused: false, forgetting: 0, unforgotten: 0, problem: null };
  /** What was pushed is in the spool. */
  kept: Promise<void> = Promise.resolve();
  private accept: () => void = () => undefined;
  private reject: () => void = () => undefined;

  constructor(readonly options: Omit<LiveSessionOptions, 'realtime'>) {
    this.recordingId = options.recordingId;
    this.positionMs = (options.spool?.next ?? 0) * 100;
    FakeSender.made.push(this);
  }

  become(given: Partial<LiveSendState>): void {
    this.state = { ...this.state, ...given };
    this.options.onState?.(this.state);
  }
  /** The server knows the end. */
  accepted(): void {
    this.accept();
  }

  /** Nobody takes the end. */
  refuse(): void {
    this.reject();
  }

  push(audio: Int16Array | Uint8Array): void {
    this.asked.push(`push ${audio.length}`);
    this.positionMs += 100;
  }
  room(): Promise<void> {
    return Promise.resolve();
  }
  mark(): string {
    this.asked.push('mark');
    return 'marker';
  }
  pause(since?: number): void {
    this.asked.push(since === undefined ? 'pause' : `pause since ${since}`);
    this.become({ paused: true });
  }
  resume(): void {
    this.asked.push('resume');
    this.become({ paused: false });
  }
  forget(minutes: 1 | 2 | 5): string {
    this.asked.push(`forget ${minutes}`);
    return 'marker';
  }
  finish(): Promise<void> {
    this.asked.push('finish');
    this.become({ phase: 'finishing' });
    return new Promise((resolve, reject) => {
      this.accept = resolve;
      this.reject = () => reject(new Error('Refused or replaced'));
    });
  }
  close(): Promise<void> {
    this.asked.push('close');
    return this.kept;
  }
}

import type { LivePartial } from '@auscult/contracts';

/** A channel's words are shown again after this time at the earliest; of what comes in between, the newest. */
const PAUSE_MS = 100;

interface Channel {
  next: LivePartial | null;
  timer: NodeJS.Timeout | null;
}

/** Passes on what is being said, not more often than somebody can see. */
export class Partials {
  private readonly channels = new Map<number, Channel>();

  constructor(private readonly publish: (partial: LivePartial) => void) {}

  show(partial: LivePartial): void {
    const channel = this.channel(partial.channel);
    channel.next = partial;
    if (!channel.timer) this.pass(channel);
  }

  /** The final has come: what still waits of this channel is out of date. */
  drop(channel: number): void {
    this.channel(channel).next = null;
  }

  stop(): void {
    for (const { timer } of this.channels.values()) if (timer) clearTimeout(timer);
    this.channels.clear();
  }

  private channel(number: number): Channel {
    const known = this.channels.get(number) ?? { next: null, timer: null };
    this.channels.set(number, known);
    return known;
  }

  private pass(channel: Channel): void {
    channel.timer = null;
    const { next } = channel;
    if (!next) return;
    channel.next = null;
    this.publish(next);
    channel.timer = setTimeout(() => this.pass(channel), PAUSE_MS);
  }
}

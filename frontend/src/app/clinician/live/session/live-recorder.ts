import { DestroyRef, Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import type { LiveSource } from '@auscult/contracts';
import { Session } from '../../../core/session';
import { AudioCapture, type CaptureListener } from '../capture/audio-capture';
import { SoundSources, SourceError, type SourceTrouble } from '../capture/sound-sources';
import type { KeptSession } from '../spool/session-shelf';
import { HeldSession, LiveSenders } from './live-senders';
import { SoundLevels } from './sound-levels';

export const CALL_CHANNEL = 1;

/** `idle`: nothing recorded here. `starting`: devices and storage are being opened. `finishing`: no more sound is taken, the rest is sent. */
export type RecorderStage = 'idle' | 'starting' | 'on-air' | 'finishing';

export interface Begin {
  source: KeptSession['source'];
  /** Null is the system's choice. */
  deviceId: string | null;
}

/** What went wrong with the sound and whether it was that of the call. */
export interface Trouble {
  cause: SourceTrouble | 'other-tab';
  sharing: boolean;
}

/** Records one session: devices to frames to the sender. Begins, pauses, changes devices, ends. */
@Injectable()
export class LiveRecorder {
  private readonly sources = inject(SoundSources);
  private readonly senders = inject(LiveSenders);
  private readonly user = inject(Session).user;
  private readonly destroyRef = inject(DestroyRef);
  readonly levels = inject(SoundLevels);

  private readonly currentStage = signal<RecorderStage>('idle');
  private readonly held = signal<HeldSession | null>(null);
  private readonly position = signal(0);
  private readonly lost = signal<readonly number[]>([]);
  private readonly isInterrupted = signal(false);
  private readonly currentTrouble = signal<Trouble | null>(null);
  private capture: AudioCapture | null = null;

  readonly stage = this.currentStage.asReadonly();
  readonly session = computed(() => this.held()?.kept ?? null);
  readonly state = computed(() => this.held()?.state() ?? null);
  /** What of the sound a reload would leave. */
  readonly keeps = computed(() => this.held()?.spool.keeps() ?? 'all');
  readonly elapsedMs = this.position.asReadonly();
  /** Channels whose device went away. Without its microphone a session is paused. */
  readonly lostChannels = this.lost.asReadonly();
  readonly interrupted = this.isInterrupted.asReadonly();
  readonly trouble = this.currentTrouble.asReadonly();
  readonly paused = computed(() => this.state()?.paused ?? false);
  readonly replaced = computed(() => this.state()?.phase === 'replaced');
  private readonly refused = computed(() => this.state()?.phase === 'refused');
  /** Nothing is recorded here any more, although nobody has said the end here. */
  readonly stopped = computed(() => this.replaced() || this.refused());

  constructor() {
    this.destroyRef.onDestroy(() => this.leave());
    effect(() => {
      // There is no way back from that: no device stays open for nothing.
      if (this.refused()) untracked(() => void this.closeDevices());
    });
  }

  /** A new session. False when it could not begin; then `trouble` says why, unless another one was beginning. */
  begin({ source, deviceId }: Begin): Promise<boolean> {
    const kept: KeptSession = {
      id: crypto.randomUUID(),
      userId: this.user()?.id ?? '',
      source,
      channelCount: source === 'telehealth' ? 2 : 1,
      startedAt: Date.now(),
      finishing: false,
      sender: crypto.randomUUID(),
      known: false,
    };
    return this.record(kept, deviceId);
  }

  /** Goes on with a session that was interrupted. */
  goOn(kept: KeptSession, deviceId: string | null = null): Promise<boolean> {
    return this.record(kept, deviceId);
  }

  pause(): void {
    this.capture?.hold();
    this.held()?.sending.pause();
    this.levels.quietDown();
  }

  async resume(): Promise<void> {
    if (this.lost().includes(0)) return;
    this.held()?.sending.resume();
    await this.capture?.go();
  }

  mark(): number {
    const sender = this.held()?.sending;
    sender?.mark();
    return sender?.positionMs ?? 0;
  }

  forget(minutes: 1 | 2 | 5): void {
    this.held()?.sending.forget(minutes);
  }

  /** Takes the clinician's voice from this device from now on; a session that stands still for want of one goes on. */
  async useMicrophone(deviceId: string | null): Promise<void> {
    await this.trying(false, async () => {
      const stream = await this.sources.microphone(deviceId, this.session()?.source === 'telehealth');
      const wasLost = this.lost().includes(0);
      this.connect(0, stream);
      if (wasLost) await this.resume();
    });
  }

  async shareCall(): Promise<void> {
    await this.trying(true, async () => this.connect(CALL_CHANNEL, await this.sources.call()));
  }

  async takeBack(): Promise<void> {
    this.held()?.takeBack();
    await this.capture?.go();
  }

  /** Ends the session; resolves when the server has everything and knows the end. Rejects when it was taken over or refused meanwhile. */
  async finish(): Promise<void> {
    const held = this.held();
    if (!held) return;
    this.currentStage.set('finishing');
    // Said on the shelf first: a reload from here on sends the rest and asks for no microphone.
    await held.keep({ finishing: true });
    if (!this.paused()) await this.capture?.finish();
    await this.closeDevices();
    await held.sending.finish();
    // The senders hold it until everything is stored.
    this.held.set(null);
  }

  /** Ends an interrupted session with what there is of it. False when that could not be; then `trouble` says why, unless another one was beginning. */
  async finishKept(kept: KeptSession): Promise<boolean> {
    if (this.currentStage() !== 'idle') return false;
    this.currentStage.set('starting');
    const opened = await this.trying(false, () => this.take(kept));
    if (!opened) {
      await this.giveUp();
      return false;
    }
    await this.finish();
    return true;
  }

  dismissTrouble(): void {
    this.currentTrouble.set(null);
  }

  private async record(kept: KeptSession, deviceId: string | null): Promise<boolean> {
    if (this.currentStage() !== 'idle') return false;
    this.currentStage.set('starting');
    const began = await this.trying(false, async () => {
      const streams = await this.streams(kept.source, deviceId);
      await this.open(kept, streams);
    });
    if (!began) await this.giveUp();
    return began;
  }

  private async open(kept: KeptSession, streams: readonly MediaStream[]): Promise<void> {
    try {
      this.capture = await AudioCapture.open(kept.channelCount, this.listener());
      this.requirePage();
      await this.take(kept);
      this.requirePage();
      await this.held()?.keep();
      this.requirePage();
    } catch (error) {
      streams.forEach(stopTracks);
      throw error;
    }
    this.lost.set([]);
    this.levels.begin(kept.source);
    streams.forEach((stream, channel) => this.connect(channel, stream));
    await this.capture.go();
    this.currentStage.set('on-air');
  }

  /** @throws OtherTabError */
  private async take(kept: KeptSession): Promise<void> {
    const held = await this.senders.open(kept);
    if (!held) throw new OtherTabError();
    this.held.set(held);
    this.position.set(held.sending.positionMs);
  }

  /** The page may be left while the browser asks for a device. @throws PageLeftError */
  private requirePage(): void {
    if (this.destroyRef.destroyed) throw new PageLeftError();
  }

  /** The call first: the browser's dialog needs the press of the button, which is spent after the question for the microphone. */
  private async streams(source: LiveSource, deviceId: string | null): Promise<MediaStream[]> {
    if (source !== 'telehealth') return [await this.sources.microphone(deviceId, false)];
    const call = await this.sources.call().catch((error: unknown) => {
      throw error instanceof SourceError ? new SharingError(error.trouble) : error;
    });
    try {
      return [await this.sources.microphone(deviceId, true), call];
    } catch (error) {
      stopTracks(call);
      throw error;
    }
  }

  /** A device that came too late, after the end or when the page was left, is let go. */
  private connect(channel: number, stream: MediaStream): void {
    if (this.capture === null) return stopTracks(stream);
    this.capture.connect(channel, stream);
    this.lost.update((channels) => channels.filter((one) => one !== channel));
    this.levels.heardAgain(channel);
  }

  private listener(): CaptureListener {
    return {
      audio: (frame) => this.send(frame),
      peaks: (peaks) => this.levels.take(peaks),
      lost: (channel) => this.deviceLost(channel),
      interrupted: (isInterrupted) => this.isInterrupted.set(isInterrupted),
    };
  }

  private send(frame: Int16Array): void {
    const sender = this.held()?.sending;
    if (!sender) return;
    sender.push(frame);
    this.position.set(sender.positionMs);
    if (this.replaced()) this.capture?.hold();
  }

  private deviceLost(channel: number): void {
    this.lost.update((channels) => [...channels, channel]);
    if (channel === 0) this.pause();
  }

  private async trying(sharing: boolean, work: () => Promise<void>): Promise<boolean> {
    this.currentTrouble.set(null);
    try {
      await work();
      return true;
    } catch (error) {
      this.currentTrouble.set(troubleOf(error, sharing));
      return false;
    }
  }

  private async giveUp(): Promise<void> {
    await this.closeDevices();
    const held = this.held();
    if (held) this.senders.leave(held.kept.id);
    this.held.set(null);
    this.currentStage.set('idle');
  }

  private async closeDevices(): Promise<void> {
    const { capture } = this;
    this.capture = null;
    await capture?.close();
  }

  private leave(): void {
    void this.closeDevices();
    const held = this.held();
    if (held && this.currentStage() !== 'finishing') this.senders.leave(held.kept.id);
  }
}

class OtherTabError extends Error {}
class PageLeftError extends Error {}
class SharingError extends SourceError {}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function troubleOf(error: unknown, sharing: boolean): Trouble {
  if (error instanceof OtherTabError) return { cause: 'other-tab', sharing: false };
  if (error instanceof SourceError) return { cause: error.trouble, sharing: sharing || error instanceof SharingError };
  return { cause: 'failed', sharing };
}

import { DestroyRef, Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import { Session } from '../../../core/session';
import { SoundSources } from '../capture/sound-sources';
import { WatchedCapture, type WatchedListener } from '../capture/watched-capture';
import { newSession, type KeptSession } from '../spool/session-shelf';
import { HeldSession, LiveSenders } from './live-senders';
import type { OnAir } from './on-air-sign';
import { OtherTabError, PageLeftError, openDevices, stopTracks, troubleOf, type Trouble } from './session-devices';
import { SoundLevels } from './sound-levels';

export const CALL_CHANNEL = 1;

/** `idle`: nothing recorded here. `starting`: devices and storage are being opened. `finishing`: no more sound is taken, the rest is sent. */
export type RecorderStage = 'idle' | 'starting' | 'on-air' | 'finishing';

/** `deviceId`: the microphone, null is the system's choice. */
export type Begin = Pick<KeptSession, 'source'> & { deviceId: string | null };

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
  private readonly isMissing = signal(false);
  private readonly pausedByHand = signal(false);
  private readonly device = signal<string | null>(null);
  private readonly currentTrouble = signal<Trouble | null>(null);
  private capture: WatchedCapture | null = null;

  readonly stage = this.currentStage.asReadonly();
  readonly session = computed(() => this.held()?.kept ?? null);
  readonly state = computed(() => this.held()?.state() ?? null);
  /** What of the sound a reload would leave. */
  readonly keeps = computed(() => this.held()?.spool.keeps() ?? 'all');
  readonly elapsedMs = this.position.asReadonly();
  /** Channels whose device went away. Without its microphone a session is paused. */
  readonly lostChannels = this.lost.asReadonly();
  readonly interrupted = this.isInterrupted.asReadonly();
  /** The devices are open and nothing comes: the browser's sound stands still. */
  readonly missing = this.isMissing.asReadonly();
  /** The microphone in use or used last; null is the system's choice. */
  readonly deviceId = this.device.asReadonly();
  /** The one that was chosen to be opened next, '' for the system's choice; null when none was. */
  readonly picked = signal<string | null>(null);
  readonly trouble = this.currentTrouble.asReadonly();
  /** By hand or for want of the microphone. */
  readonly paused = computed(() => this.pausedByHand() || this.lost().includes(0));
  readonly replaced = computed(() => this.state()?.phase === 'replaced');
  private readonly refused = computed(() => this.state()?.phase === 'refused');
  /** Nothing is recorded here any more, although nobody has said the end here. */
  readonly stopped = computed(() => this.replaced() || this.refused());
  private readonly soundless = computed(() => this.isInterrupted() || this.isMissing());
  /** What the signs may say. The sender stands still as well, from the moment that the sound stops until its first frame. */
  readonly air = computed<OnAir>(() => {
    if (this.currentStage() !== 'on-air' || this.stopped()) return 'off';
    if (this.paused()) return 'paused';
    return this.soundless() || this.state()?.paused ? 'no-sound' : 'on-air';
  });
  /** The session is neither over nor somewhere else. */
  readonly takesCommands = computed(() => this.air() !== 'off' && !['finishing', 'finished'].includes(this.state()?.phase ?? 'finished'));

  constructor() {
    this.destroyRef.onDestroy(() => this.leave());
    effect(() => {
      // There is no way back from that: no device stays open for nothing.
      if (this.refused()) untracked(() => this.closeDevices());
    });
  }

  /** A new session. False when it could not begin; then `trouble` says why, unless another one was beginning. */
  begin({ source, deviceId }: Begin): Promise<boolean> {
    return this.goOn(newSession(this.user()?.id ?? '', source), deviceId);
  }

  /** Goes on with a session that was interrupted. */
  async goOn(kept: KeptSession, deviceId: string | null = null): Promise<boolean> {
    if (this.currentStage() !== 'idle') return false;
    this.currentStage.set('starting');
    const began = await this.trying(false, async () => {
      const streams = await openDevices(this.sources, kept.source, deviceId);
      this.device.set(deviceId);
      await this.open(kept, streams);
    });
    if (!began) this.giveUp();
    return began;
  }

  pause(): void {
    this.pausedByHand.set(true);
    this.standStill();
  }

  /** Without a microphone one is opened first: the one that was chosen or in use, or the system's choice while that is not there. */
  resume(): void {
    if (this.lost().includes(0)) return void this.useMicrophone(this.sources.thereOrNull(this.picked() ?? this.device()));
    this.pausedByHand.set(false);
    this.capture?.go();
    // Else it goes on with the first frame.
    if (!this.soundless()) this.held()?.sending.resume();
  }

  /** Where the mark is, in ms; null when the session is over here and takes none. */
  mark(): number | null {
    if (!this.takesCommands()) return null;
    this.held()?.sending.mark();
    return this.held()?.sending.positionMs ?? null;
  }

  /** The mark of it and where it ends; null when the session is over here: then nothing was put off the record. */
  forget(minutes: 1 | 2 | 5): { id: string; untilMs: number } | null {
    const sending = this.takesCommands() ? this.held()?.sending : undefined;
    return sending ? { untilMs: sending.positionMs, id: sending.forget(minutes) } : null;
  }

  /** Takes the clinician's voice from this device from now on; a session that stands still for want of one goes on. */
  async useMicrophone(deviceId: string | null): Promise<void> {
    await this.trying(false, async () => {
      const stream = await this.sources.microphone(deviceId, this.session()?.source === 'telehealth');
      const wasLost = this.lost().includes(0);
      this.device.set(deviceId);
      this.connect(0, stream);
      if (wasLost && !this.lost().includes(0)) this.resume();
    });
  }

  /** Opens the browser's sound anew and the microphone with it, where nothing comes from what is open. */
  async openAnew(deviceId: string | null): Promise<void> {
    // Should it not open, there is still no frame, and the page says so.
    await this.capture?.renew().catch(() => undefined);
    await this.useMicrophone(deviceId);
  }

  async shareCall(): Promise<void> {
    await this.trying(true, async () => this.connect(CALL_CHANNEL, await this.sources.call()));
  }

  /** A pause goes on: nobody has asked for its end. */
  async takeBack(): Promise<void> {
    await this.held()?.takeBack();
    this.settle();
  }

  /** Ends the session; resolves when the server has everything and knows the end. Rejects when it was taken over or refused meanwhile. */
  async finish(): Promise<void> {
    const held = this.held();
    if (!held) return;
    this.currentStage.set('finishing');
    // Said on the shelf first: a reload from here on sends the rest and asks for no microphone.
    await held.keep({ finishing: true });
    if (!this.paused() && !this.soundless()) await this.capture?.finish();
    this.closeDevices();
    await held.sending.finish();
    // The senders hold it until everything is stored.
    this.held.set(null);
  }

  /** Ends an interrupted session with what there is of it. False when that could not be; then `trouble` says why, unless another one was beginning. */
  async finishKept(kept: KeptSession): Promise<boolean> {
    if (this.currentStage() !== 'idle') return false;
    this.currentStage.set('starting');
    if (!(await this.trying(false, () => this.take(kept)))) {
      this.giveUp();
      return false;
    }
    await this.finish();
    return true;
  }

  dismissTrouble(): void {
    this.currentTrouble.set(null);
  }

  private async open(kept: KeptSession, streams: readonly MediaStream[]): Promise<void> {
    try {
      this.capture = await WatchedCapture.open(kept.channelCount, this.listener());
      this.requirePage();
      await this.take(kept);
      this.requirePage();
      await this.held()?.keep();
      this.requirePage();
    } catch (error) {
      streams.forEach(stopTracks);
      throw error;
    }
    this.held()?.noteGap();
    this.pausedByHand.set(false);
    this.lost.set([]);
    this.levels.begin(kept.source);
    streams.forEach((stream, channel) => this.connect(channel, stream));
    this.settle();
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

  /** A device that came too late, after the end or when the page was left, is let go. */
  private connect(channel: number, stream: MediaStream): void {
    if (this.capture === null) return stopTracks(stream);
    // First: the new one may be gone already, and is lost then.
    this.lost.update((channels) => channels.filter((one) => one !== channel));
    this.levels.heardAgain(channel);
    this.capture.connect(channel, stream);
  }

  private listener(): WatchedListener {
    return {
      audio: (frame) => this.send(frame),
      peaks: (peaks) => this.levels.take(peaks),
      lost: (channel) => this.deviceLost(channel),
      interrupted: (isInterrupted) => {
        this.isInterrupted.set(isInterrupted);
        if (isInterrupted) this.standStill();
      },
      missing: (since) => {
        this.isMissing.set(since !== null);
        if (since !== null) this.standStill(since);
      },
    };
  }

  private settle(): void {
    if (this.paused() || this.soundless()) this.standStill();
    if (!this.paused()) this.capture?.go();
  }

  /** No sound is wanted, or none comes: the sender makes a pause of it, and no meter moves. */
  private standStill(since?: number): void {
    if (this.paused()) this.capture?.hold();
    const sender = this.held()?.sending;
    if (sender?.state.paused === false) sender.pause(since);
    this.levels.quietDown();
  }

  private send(frame: Int16Array): void {
    const held = this.held();
    const sender = held?.sending;
    if (!sender) return;
    if (sender.state.paused && !this.paused() && !this.isInterrupted()) sender.resume();
    sender.push(frame);
    held.heard();
    this.position.set(sender.positionMs);
    if (this.replaced()) this.capture?.hold();
  }

  private deviceLost(channel: number): void {
    this.lost.update((channels) => [...channels, channel]);
    if (channel === 0) this.standStill();
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

  private giveUp(): void {
    this.closeDevices();
    this.senders.leave(this.session()?.id ?? '');
    this.held.set(null);
    this.currentStage.set('idle');
  }

  private closeDevices(): void {
    this.capture?.close();
    this.capture = null;
    this.isInterrupted.set(false);
    this.isMissing.set(false);
  }

  private leave(): void {
    this.closeDevices();
    if (this.currentStage() !== 'finishing') this.senders.leave(this.session()?.id ?? '');
  }
}

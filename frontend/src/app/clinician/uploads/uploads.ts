import { Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import { ProblemError, UnreachableError } from '@auscult/client';
import type { RecordingView, UploadLimitsView } from '@auscult/contracts';
import { AUSCULT_CLIENT } from '../../core/auscult-client.token';
import { problemMessage } from '../../core/problem-message';
import { Session } from '../../core/session';
import { UnfinishedWork, type WorkHolder } from '../../core/unfinished-work';
import { localId } from './local-id';
import { TabLocks } from './tab-locks';
import { Transfers, type Transfer, type TransferEvents } from './transfers';
import { itemOf, type RefusedFile, type UploadItem } from './upload-item';
import { acceptAttribute, refusalOf } from './upload-rules';
import { UploadShelf, type ShelvedUpload } from './upload-shelf';
import { UploadSpeed } from './upload-speed';

/** Two keep a line full; more would only make each of them slower. */
const AT_ONCE = 2;

/** What an upload needs besides what is shown of it. */
interface Backing {
  shelved: ShelvedUpload;
  transfer: Transfer | null;
  speed: UploadSpeed;
  release: () => void;
}

/** The person's uploads: they go on while she reads a transcript, and after a reload. */
@Injectable()
export class Uploads implements WorkHolder {
  private readonly client = inject(AUSCULT_CLIENT);
  private readonly session = inject(Session);
  private readonly shelf = inject(UploadShelf);
  private readonly transfers = inject(Transfers);
  private readonly locks = inject(TabLocks);
  private readonly backing = new Map<string, Backing>();
  private readonly list = signal<readonly UploadItem[]>([]);
  private readonly refused = signal<readonly RefusedFile[]>([]);
  private readonly limits = signal<UploadLimitsView | null>(null);
  private readonly newest = signal<RecordingView | null>(null);
  private startedFor: string | null = null;

  readonly items = this.list.asReadonly();
  readonly refusals = this.refused.asReadonly();
  /** The recording that the latest finished upload became. */
  readonly finished = this.newest.asReadonly();
  readonly accept = computed(() => acceptAttribute(this.limits()));

  constructor() {
    inject(UnfinishedWork).register(this);
    globalThis.addEventListener('offline', () => this.lineDown());
    globalThis.addEventListener('online', () => void this.lineUp());
    effect(() => {
      if (!this.session.user()) untracked(() => this.standStill());
    });
  }

  /** Takes up what an earlier page left unfinished, once for each person. */
  async start(): Promise<void> {
    const userId = this.session.user()?.id;
    if (userId === undefined || this.startedFor === userId) return;
    this.startedFor = userId;
    void this.readLimits();
    await Promise.all((await this.shelf.of(userId)).map((shelved) => this.takeUp(shelved)));
    this.pump();
  }

  /** Accepts files, or says why not. A file that an unfinished upload waits for goes on there. */
  async add(files: Iterable<File> | null): Promise<void> {
    const [userId, chosen] = [this.session.user()?.id, [...(files ?? [])]];
    if (userId === undefined) return;
    if (this.limits() === null) await this.readLimits();
    for (const file of chosen) {
      const reason = refusalOf(file, this.limits());
      if (reason !== null) this.refused.update((list) => [...list, { id: localId(), name: file.name, reason }]);
      else if (!this.attach(file)) await this.enterNew(file, userId);
    }
    this.pump();
  }

  async pause(id: string): Promise<void> {
    const backing = this.backing.get(id);
    this.change(id, { state: 'paused', speed: null });
    await this.stop(backing);
    this.pump();
  }

  /** Goes on after a pause or a failure. */
  resume(id: string): void {
    this.change(id, { state: 'waiting', problem: null });
    this.pump();
  }

  async cancel(id: string): Promise<void> {
    const backing = this.backing.get(id);
    this.leave(id);
    this.pump();
    if (!backing) return;
    await this.shelf.remove(id);
    if (backing.transfer) await backing.transfer.discard();
    else if (backing.shelved.url !== null) await this.transfers.discard(backing.shelved.url);
  }

  dismiss(refusal: RefusedFile): void {
    this.refused.update((list) => list.filter((one) => one !== refusal));
  }

  loss(): string {
    const count = this.list().filter((item) => item.state !== 'failed' || item.retryable).length;
    if (count === 0) return '';
    return `${count === 1 ? 'One upload is' : `${count} uploads are`} not finished and will be given up.`;
  }

  async discard(): Promise<void> {
    await Promise.all(this.list().map((item) => this.cancel(item.id)));
  }

  private async takeUp({ id, userId }: ShelvedUpload): Promise<void> {
    const release = await this.locks.take(`upload.${id}`);
    if (!release) return;
    // The tab that gave it back may have finished it.
    const shelved = (await this.shelf.of(userId)).find((upload) => upload.id === id);
    if (shelved && !this.backing.has(id)) this.enter(shelved, release);
    else release();
  }

  private async readLimits(): Promise<void> {
    try {
      this.limits.set(await this.client.recordings.limits());
    } catch {
      // Without limits nothing is refused here; the server refuses with the same words.
    }
  }

  private async enterNew(file: File, userId: string): Promise<void> {
    const { name, size, type, lastModified } = file;
    const shelved: ShelvedUpload = { id: localId(), userId, name, sizeBytes: size, type, lastModified, url: null, file, addedAt: Date.now() };
    const release = await this.locks.take(`upload.${shelved.id}`);
    this.enter(shelved, release ?? (() => undefined));
    void this.shelf.put(shelved);
  }

  private enter(shelved: ShelvedUpload, release: () => void): void {
    this.backing.set(shelved.id, { shelved, transfer: null, speed: new UploadSpeed(), release });
    this.list.update((list) => [...list, itemOf(shelved)]);
  }

  /** True when an unfinished upload was waiting for just this file. */
  private attach(file: File): boolean {
    for (const [id, { shelved }] of this.backing) {
      const same = shelved.name === file.name && shelved.sizeBytes === file.size && shelved.lastModified === file.lastModified;
      if (!same || shelved.file !== null) continue;
      shelved.file = file;
      this.change(id, { state: 'waiting' });
      return true;
    }
    return false;
  }

  private pump(): void {
    const running = this.list().filter((item) => item.state === 'sending' || item.state === 'interrupted').length;
    const next = this.list().filter((item) => item.state === 'waiting').slice(0, Math.max(0, AT_ONCE - running));
    for (const item of next) void this.begin(item.id);
  }

  private async begin(id: string): Promise<void> {
    const backing = this.backing.get(id);
    if (!backing?.shelved.file) return;
    backing.speed.reset();
    this.change(id, { state: 'sending' });
    const { file, name, type, url } = backing.shelved;
    try {
      const transfer = await this.transfers.begin({ file, name, type, url, events: this.eventsOf(id, backing) });
      backing.transfer = transfer;
      // Paused, given up or signed out while the transfer was being made.
      if (!this.backing.has(id)) await transfer.discard();
      else if (this.item(id)?.state === 'paused') await this.stop(backing);
    } catch (error) {
      this.fail(id, error);
    }
  }

  private eventsOf(id: string, backing: Backing): TransferEvents {
    return {
      created: (url) => {
        backing.shelved.url = url;
        void this.shelf.setUrl(id, url);
      },
      progress: (sentBytes) => {
        this.noteWhole(backing.shelved, sentBytes);
        const state = this.item(id)?.state;
        if (state !== 'sending' && state !== 'interrupted') return;
        this.change(id, { state: 'sending', sentBytes, speed: backing.speed.sample(sentBytes, performance.now()) });
      },
      interrupted: () => {
        backing.speed.reset();
        if (this.item(id)?.state === 'sending') this.change(id, { state: 'interrupted', speed: null });
      },
      done: (uploadId) => void this.finish(id, uploadId),
      gone: () => void this.loseAddress(id, backing),
      failed: (error) => this.fail(id, error),
    };
  }

  private noteWhole(shelved: ShelvedUpload, sentBytes: number): void {
    const sentWhole = sentBytes >= shelved.sizeBytes;
    if (sentWhole === (shelved.sentWhole ?? false)) return;
    shelved.sentWhole = sentWhole;
    void this.shelf.setSentWhole(shelved.id, sentWhole);
  }

  /** Sent whole it was a recording, which was deleted since and must not come back; else the server gave up its half, and it begins anew. */
  private async loseAddress(id: string, backing: Backing): Promise<void> {
    if (this.backing.get(id) !== backing) return;
    if (backing.shelved.sentWhole) {
      await this.shelf.remove(id);
      this.leave(id);
    } else {
      [backing.transfer, backing.shelved.url] = [null, null];
      await this.shelf.setUrl(id, null);
      if (this.item(id)?.state !== 'paused') this.change(id, { state: 'waiting', sentBytes: 0 });
    }
    this.pump();
  }

  private async finish(id: string, recordingId: string): Promise<void> {
    await this.shelf.remove(id);
    try {
      this.newest.set(await this.client.recordings.get(recordingId));
    } catch {
      // The live channel or the next reading of the list brings it.
    }
    this.leave(id);
    this.pump();
  }

  private fail(id: string, error: unknown): void {
    const backing = this.backing.get(id);
    if (!backing) return;
    backing.transfer = null;
    const retryable = error instanceof UnreachableError || ProblemError.is(error, 'unavailable', 'internal', 'storage-full', 'too-many-requests', 'session-ended', 'sign-in-required');
    this.change(id, { state: 'failed', speed: null, problem: problemMessage(error), retryable });
    if (!retryable) void this.shelf.remove(id);
    this.pump();
  }

  /** A request that was under way stalls for minutes before it fails: say it at once. */
  private lineDown(): void {
    for (const { id, state } of this.list()) {
      if (state === 'sending') this.change(id, { state: 'interrupted', speed: null });
    }
  }

  /** Begins again with new requests, instead of waiting for the stalled ones or for the next attempt. */
  private async lineUp(): Promise<void> {
    const again = this.list().filter(({ state, retryable }) => state === 'interrupted' || (state === 'failed' && retryable));
    await Promise.all(again.map(({ id }) => this.stop(this.backing.get(id))));
    for (const { id } of again) this.change(id, { state: 'waiting', problem: null });
    this.pump();
  }

  /** Signed out or the session ended: nothing is sent any more; the shelf keeps what is unfinished for the same person. */
  private standStill(): void {
    this.startedFor = null;
    for (const [id, backing] of [...this.backing]) {
      this.leave(id);
      void this.stop(backing);
    }
    this.refused.set([]);
    this.newest.set(null);
  }

  private async stop(backing: Backing | undefined): Promise<void> {
    const transfer = backing?.transfer;
    if (!backing || !transfer) return;
    backing.transfer = null;
    await transfer.pause();
  }

  private leave(id: string): void {
    this.backing.get(id)?.release();
    this.backing.delete(id);
    this.list.update((list) => list.filter((item) => item.id !== id));
  }

  private item(id: string): UploadItem | undefined {
    return this.list().find((item) => item.id === id);
  }

  private change(id: string, change: Partial<UploadItem>): void {
    this.list.update((list) => list.map((item) => (item.id === id ? { ...item, ...change } : item)));
  }
}

import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../../platform/config/index.js';
import { type AudioExtent, type AudioPart, AudioPartRepository } from './audio-part.repository.js';
import { createWrappedKey } from './data-keys.js';
import { ObjectDamagedError, ObjectNotFoundError, ObjectStore } from './object-store.js';
import { PcmWav, SAMPLE_BYTES, bytesOf } from './pcm-wav.js';
import { StoredObjectRepository, attachStatement } from './stored-object.repository.js';
import { StoredObjects } from './stored-objects.js';

/** Parts may be replaced by silence between being found and being read; more often than this in a row means something else is wrong. */
const READ_ATTEMPTS = 4;

/** To be called after the commit: removes files whose keys the transaction has destroyed. Losing the call only delays that. */
export type Purge = () => Promise<void>;

/** What is to be silent of one sound, in samples. */
interface Stretch {
  audioId: string;
  ownerId: string;
  from: number;
  until: number;
}

/** The object of a part is not there (any more), is attached elsewhere or has another length, or the part overlaps another. */
export class PartRefusedError extends Error {
  override readonly name = 'PartRefusedError';
}

/**
 * Sound that grows part by part: 16 kHz 16-bit PCM, each channel tiled by encrypted objects of their own. Missing stretches read as
 * silence. Positions and lengths are in samples of one channel.
 */
@Injectable()
export class PcmAudio {
  constructor(
    private readonly rows: StoredObjectRepository,
    private readonly parts: AudioPartRepository,
    private readonly store: ObjectStore,
    private readonly objects: StoredObjects,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * Encrypts samples of one channel under a key of their own and answers the object's id once they are durable. Without `attach`
   * within five minutes the object is removed again. @throws StorageFullError
   */
  async write(ownerId: string, samples: Int16Array): Promise<string> {
    await this.store.requireRoom(samples.byteLength);
    return this.writeAnyway(ownerId, samples);
  }

  /** Destroys the key of what was written and will not be attached; of what is attached already it changes nothing. */
  async giveUp(objectId: string): Promise<void> {
    await this.rows.discardPart(objectId);
  }

  /**
   * Makes a part belong to the sound, inside the caller's transaction, which holds whatever lock keeps others from attaching to the
   * same sound. Attaching the same once more is no error. @throws PartRefusedError
   */
  async attach(em: EntityManager, audioId: string, part: AudioPart): Promise<void> {
    const [known] = await this.parts.touchingForUpdate(em, audioId, part.channel, part.startSample, part.startSample + part.sampleCount);
    if (known) {
      if (isSame(known, part)) return;
      throw new PartRefusedError('The part overlaps another one');
    }
    if (part.objectId !== null) await this.attachObject(em, part.objectId, part.sampleCount);
    await this.parts.insert(em, audioId, part);
  }

  /**
   * Replaces the sound from `fromSample` to before `untilSample` by silence in all channels. The keys of all objects that held any of it are
   * destroyed by the caller's transaction; parts that reach beyond the stretch are written anew without it.
   */
  async silence(em: EntityManager, audioId: string, ownerId: string, fromSample: number, untilSample: number): Promise<Purge> {
    const { channelCount } = await this.extent(audioId);
    const gone: string[] = [];
    for (let channel = 0; channel < channelCount; channel++) {
      for (const part of await this.parts.touchingForUpdate(em, audioId, channel, fromSample, untilSample)) {
        if (part.objectId === null) continue;
        await this.parts.replaceObject(em, audioId, part, await this.remainder(em, part, { audioId, ownerId, from: fromSample, until: untilSample }));
        await this.objects.discard(em, part.objectId);
        gone.push(part.objectId);
      }
    }
    return () => this.objects.purgeAllSoon(gone);
  }

  /** Samples `fromSample` to before `untilSample`; ask for up to a minute at a time. */
  async read(audioId: string, channel: number, fromSample: number, untilSample: number): Promise<Int16Array> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.readOnce(audioId, channel, fromSample, untilSample);
      } catch (error) {
        if (!(error instanceof ObjectNotFoundError) || attempt === READ_ATTEMPTS) throw error;
      }
    }
  }

  extent(audioId: string): Promise<AudioExtent> {
    return this.parts.extent(audioId);
  }

  /** The sound as a WAV file of the length that it has now, also while it grows; null while there is none. */
  async openWav(audioId: string, channelCount: number): Promise<PcmWav | null> {
    const { samples, version } = await this.extent(audioId);
    if (samples === 0) return null;
    return new PcmWav((channel, from, until) => this.readPresent(audioId, channel, from, until), channelCount, samples, `${samples}-${version}`);
  }

  /** Destroys the keys of all parts and forgets the parts, inside the caller's transaction. No sound is no error. */
  async discard(em: EntityManager, audioId: string): Promise<Purge> {
    const gone = await this.parts.removeAll(em, audioId);
    await this.objects.discardAll(em, gone);
    return () => this.objects.purgeAllSoon(gone);
  }

  /** Of a sound that was discarded while somebody reads it, nothing is made up. */
  private async readPresent(audioId: string, channel: number, from: number, until: number): Promise<Int16Array> {
    const samples = await this.read(audioId, channel, from, until);
    if (await this.parts.isEmpty(audioId)) throw new ObjectNotFoundError();
    return samples;
  }

  private async readOnce(audioId: string, channel: number, from: number, until: number): Promise<Int16Array> {
    const samples = new Int16Array(until - from);
    for (const part of await this.parts.touching(audioId, channel, from, until)) {
      if (part.objectId === null) continue;
      const first = Math.max(from, part.startSample);
      const last = Math.min(until, part.startSample + part.sampleCount);
      const range = { start: (first - part.startSample) * SAMPLE_BYTES, end: (last - part.startSample) * SAMPLE_BYTES - 1 };
      bytesOf(samples).set(await buffer(await this.store.read(part.objectId, range)), (first - from) * SAMPLE_BYTES);
    }
    return samples;
  }

  private async writeAnyway(ownerId: string, samples: Int16Array): Promise<string> {
    const id = randomUUID();
    await this.rows.insertPart({ id, ownerId, bytes: samples.byteLength, wrappedKey: createWrappedKey(this.config.masterKey, id) });
    try {
      await this.store.append(id, 0, Readable.from([bytesOf(samples)], { objectMode: false }));
    } catch (error) {
      await this.rows.markDeleting(id);
      throw error;
    }
    return id;
  }

  /** An object with what a part has outside the stretch; null when it lies inside, or cannot be read any more: nothing may keep what must be silent. */
  private async remainder(em: EntityManager, part: AudioPart, { audioId, ownerId, from, until }: Stretch): Promise<string | null> {
    const end = part.startSample + part.sampleCount;
    if (part.objectId === null || (part.startSample >= from && end <= until)) return null;
    const samples = new Int16Array(part.sampleCount);
    const kept = await this.wholeOf(em, audioId, part.objectId);
    if (kept === null) return null;
    bytesOf(samples).set(kept);
    samples.fill(0, Math.max(0, from - part.startSample), Math.min(part.sampleCount, until - part.startSample));
    // Into the reserve, if need be: what was put off the record must not wait for room.
    const id = await this.writeAnyway(ownerId, samples);
    await this.attachObject(em, id, part.sampleCount);
    return id;
  }

  /** Null when nobody can read it any more. */
  private async wholeOf(em: EntityManager, audioId: string, objectId: string): Promise<Buffer | null> {
    try {
      return await buffer(await this.store.read(objectId));
    } catch (error) {
      if (error instanceof ObjectDamagedError) return null;
      // Where all are missing it is the folder that is away, and will be back.
      if (error instanceof ObjectNotFoundError && (await this.isAnyThere(em, audioId))) return null;
      throw error;
    }
  }

  private async isAnyThere(em: EntityManager, audioId: string): Promise<boolean> {
    for (const objectId of await this.parts.objects(em, audioId)) if ((await this.store.size(objectId)) !== null) return true;
    return false;
  }

  private async attachObject(em: EntityManager, objectId: string, sampleCount: number): Promise<void> {
    const bytes = sampleCount * SAMPLE_BYTES;
    const attached = await em.execute<{ id: string }[]>(attachStatement, [bytes, objectId, bytes]);
    if (attached.length === 0) throw new PartRefusedError('The object of the part is not there, is taken or has another length');
  }
}

function isSame(a: AudioPart, b: AudioPart): boolean {
  return a.startSample === b.startSample && a.sampleCount === b.sampleCount && a.objectId === b.objectId;
}

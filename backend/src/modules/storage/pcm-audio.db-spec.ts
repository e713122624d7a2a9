import { randomInt, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { TestingModule } from '@nestjs/testing';
import { type AudioPart, ObjectNotFoundError, ObjectStore, PartRefusedError, PcmAudio, StorageFullError, Uploads } from './index.js';
import { bytesOf } from './pcm-wav.js';
import { FormerSound, wavOfChannels } from './testing/former-sound.js';
import { StorageTestbed, type TestApi, people } from './testing/storage-testbed.js';
import { UploadRepairs } from './upload-repairs.js';
import { PurgeAudioJob } from './worker/purge-audio.job.js';

const noise = (count: number) => Int16Array.from({ length: count }, () => randomInt(-32_768, 32_768));

describe('PcmAudio', () => {
  let bed: StorageTestbed;
  let api: TestApi;
  let worker: TestingModule;
  let pcm: PcmAudio;
  let audioId: string;

  beforeAll(async () => {
    bed = await StorageTestbed.create();
    api = await bed.startApi();
    worker = await bed.startWorker();
    pcm = worker.get(PcmAudio);
  });
  afterAll(() => bed.close());
  beforeEach(async () => {
    await bed.empty();
    audioId = randomUUID();
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const inTransaction = <T>(work: (em: EntityManager) => Promise<T>) => worker.get(MikroORM).em.fork().transactional(work);
  const attach = (part: AudioPart) => inTransaction((em) => pcm.attach(em, audioId, part));
  const add = async (channel: number, startSample: number, samples: Int16Array) => {
    const objectId = await pcm.write(people.ann.id, samples);
    await attach({ channel, startSample, sampleCount: samples.length, objectId });
    return objectId;
  };
  const silence = async (from: number, until: number) => (await inTransaction((em) => pcm.silence(em, audioId, people.ann.id, from, until)))();
  const wav = async (channelCount: number) => {
    const opened = await pcm.openWav(audioId, channelCount);
    if (!opened) throw new Error('There is no sound');
    return opened;
  };
  const outliveLease = () => bed.sql.query(`update stored_object set lease_until = now() - interval '1 second' where lease_holder is not null`);

  describe('reading', () => {
    it.each([1, 2])('gives any byte range of %i channels as they were written, with what was silenced silent', async (channelCount) => {
      const former = new FormerSound(channelCount, 300_000);
      for (let channel = 0; channel < channelCount; channel++) {
        for (let at = randomInt(0, 3); at < 190_000; ) {
          const samples = noise(randomInt(1, 40_000));
          if (randomInt(5) === 0) await attach({ channel, startSample: at, sampleCount: samples.length, objectId: null });
          else if (randomInt(5) > 0) {
            await add(channel, at, samples);
            former.write(channel, at, samples);
          }
          at += samples.length;
        }
        // Both channels end at the same place, whatever the dice said.
        await add(channel, 240_000, Int16Array.of(channel + 1, 2, 3));
        former.write(channel, 240_000, Int16Array.of(channel + 1, 2, 3));
      }
      for (let round = 0; round < 4; round++) {
        const from = randomInt(0, 230_000);
        const until = from + randomInt(1, 60_000);
        await silence(from, until);
        former.silence(from, until);
        const whole = wavOfChannels(former.channels(240_003));
        const opened = await wav(channelCount);
        expect(opened.sizeBytes).toBe(whole.length);
        expect((await buffer(opened.read())).equals(whole)).toBe(true);
        for (let again = 0; again < 25; again++) {
          const start = randomInt(0, again % 3 === 0 ? 60 : whole.length);
          const end = Math.min(whole.length + 5, start + randomInt(0, again % 2 === 0 ? 100 : whole.length));
          expect((await buffer(opened.read({ start, end }))).equals(whole.subarray(start, end + 1))).toBe(true);
        }
        expect(() => opened.read({ start: whole.length, end: whole.length })).toThrow(RangeError);
      }
    });

    it('gives samples, and silence where there are none', async () => {
      const samples = noise(1_000);
      await add(1, 5_000, samples);
      const read = await pcm.read(audioId, 1, 4_990, 5_020);
      expect([...read]).toEqual([...new Array<number>(10).fill(0), ...samples.subarray(0, 20)]);
      expect([...(await pcm.read(audioId, 0, 5_000, 5_003))]).toEqual([0, 0, 0]);
      expect(await pcm.extent(audioId)).toMatchObject({ samples: 6_000, channelCount: 2 });
    });

    it('finds no file where there is no sound', async () => {
      expect(await pcm.openWav(audioId, 1)).toBeNull();
      expect(await pcm.extent(audioId)).toMatchObject({ samples: 0, channelCount: 0 });
    });

    it('has another version after every change, and keeps the length with which it was opened', async () => {
      await add(0, 0, noise(1_000));
      const first = await wav(1);
      await add(0, 1_000, noise(500));
      const longer = await wav(1);
      await silence(100, 200);
      const silenced = await wav(1);
      expect(new Set([first, longer, silenced].map(({ version }) => version)).size).toBe(3);
      expect((await wav(1)).version).toBe(silenced.version);
      expect((await buffer(first.read())).length).toBe(44 + 2_000);
    });

    it('reads on when parts are silenced between being found and being read', async () => {
      await add(0, 0, noise(1_000));
      const store = worker.get(ObjectStore);
      const read = store.read.bind(store);
      jest.spyOn(store, 'read').mockImplementationOnce(async (...given) => {
        await silence(0, 1_000);
        return read(...given);
      });
      expect((await pcm.read(audioId, 0, 0, 1_000)).every((sample) => sample === 0)).toBe(true);
    });

    it('tells of an object that is lost instead of making silence of it', async () => {
      const id = await add(0, 0, noise(1_000));
      await worker.get(ObjectStore).delete(id);
      await expect(pcm.read(audioId, 0, 0, 10)).rejects.toThrow(ObjectNotFoundError);
    });
  });

  describe('a part', () => {
    it('is an object of its own, under a key of its own, that is finished', async () => {
      const ids = [await add(0, 0, noise(800)), await add(0, 800, noise(800))];
      const rows = await Promise.all(ids.map((id) => bed.row(id)));
      for (const row of rows) expect(row).toMatchObject({ state: 'stored', length_bytes: '1600', owner_id: people.ann.id, lease_holder: null, expires_at: null });
      expect((rows[0]?.wrapped_key as Buffer).equals(rows[1]?.wrapped_key as Buffer)).toBe(false);
    });

    it('that is attached again changes nothing', async () => {
      const objectId = await add(0, 0, noise(800));
      await attach({ channel: 0, startSample: 0, sampleCount: 800, objectId });
      await attach({ channel: 0, startSample: 800, sampleCount: 800, objectId: null });
      await attach({ channel: 0, startSample: 800, sampleCount: 800, objectId: null });
      expect((await pcm.extent(audioId)).samples).toBe(1_600);
    });

    it.each([[-1, 2], [799, 2], [0, 800], [100, 10], [-5, 1_000]])('is refused at %i with %i samples, over another one', async (offset, count) => {
      await add(0, 5_000, noise(800));
      const objectId = await pcm.write(people.ann.id, noise(count));
      await expect(attach({ channel: 0, startSample: 5_000 + offset, sampleCount: count, objectId })).rejects.toThrow(PartRefusedError);
    });

    it('is refused with another length, twice, of somebody\'s upload, or from nowhere', async () => {
      const objectId = await pcm.write(people.ann.id, noise(800));
      await expect(attach({ channel: 0, startSample: 0, sampleCount: 801, objectId })).rejects.toThrow(PartRefusedError);
      await attach({ channel: 0, startSample: 0, sampleCount: 800, objectId });
      await expect(attach({ channel: 1, startSample: 0, sampleCount: 800, objectId })).rejects.toThrow(PartRefusedError);
      await expect(attach({ channel: 1, startSample: 0, sampleCount: 800, objectId: randomUUID() })).rejects.toThrow(PartRefusedError);
    });

    it('that could not be written leaves no key behind', async () => {
      jest.spyOn(worker.get(ObjectStore), 'append').mockRejectedValueOnce(new Error('the disk broke'));
      await expect(pcm.write(people.ann.id, noise(800))).rejects.toThrow('the disk broke');
      const { rows } = await bed.sql.query('select state, wrapped_key from stored_object');
      expect(rows).toEqual([{ state: 'deleting', wrapped_key: null }]);
    });
  });

  describe('a crash', () => {
    it('between writing and attaching leaves nothing in the end, and never makes a recording', async () => {
      const objectId = await pcm.write(people.ann.id, noise(800));
      const repairs = api.app.get(UploadRepairs);
      await repairs.pass();
      expect(await bed.row(objectId)).toMatchObject({ state: 'uploading' });
      await outliveLease();
      await repairs.pass();
      expect([await bed.rowCount(), await bed.files(), api.received]).toEqual([0, [], []]);
      await expect(attach({ channel: 0, startSample: 0, sampleCount: 800, objectId })).rejects.toThrow(PartRefusedError);
    });

    it('while attaching leaves the part as it was before', async () => {
      const objectId = await pcm.write(people.ann.id, noise(800));
      const part = { channel: 0, startSample: 0, sampleCount: 800, objectId };
      const crashed = inTransaction(async (em) => {
        await pcm.attach(em, audioId, part);
        throw new Error('the worker died');
      });
      await expect(crashed).rejects.toThrow('died');
      expect(await pcm.openWav(audioId, 1)).toBeNull();
      await attach(part);
      expect((await pcm.extent(audioId)).samples).toBe(800);
    });

    it('is destroyed at once where it was given up, and not once it is attached', async () => {
      const [lost, kept] = [await pcm.write(people.ann.id, noise(800)), await add(0, 0, noise(800))];
      for (const id of [lost, kept]) await pcm.giveUp(id);
      expect(await bed.row(lost)).toMatchObject({ state: 'deleting', wrapped_key: null });
      expect(await bed.row(kept)).toMatchObject({ state: 'stored' });
    });

    it('leaves an attached part to nobody but its sound', async () => {
      const objectId = await add(0, 0, noise(800));
      await api.app.get(UploadRepairs).pass();
      await api.app.get(Uploads).append(objectId, 1_600, Readable.from([]));
      expect([await bed.row(objectId), api.received]).toMatchObject([{ state: 'stored' }, []]);
    });

    it('while silencing leaves the sound as it was, and the unused rewrite is removed', async () => {
      const samples = noise(800);
      await add(0, 0, samples);
      const crashed = inTransaction(async (em) => {
        await pcm.silence(em, audioId, people.ann.id, 100, 200);
        throw new Error('the api died');
      });
      await expect(crashed).rejects.toThrow('died');
      expect([...(await pcm.read(audioId, 0, 0, 800))]).toEqual([...samples]);
      expect(await bed.rowCount()).toBe(2);
      await outliveLease();
      await api.app.get(UploadRepairs).pass();
      expect(await bed.rowCount()).toBe(1);
      expect([...(await pcm.read(audioId, 0, 0, 800))]).toEqual([...samples]);
    });
  });

  describe('off the record', () => {
    it('destroys the keys of all that held any of it, with the commit, and the files soon after', async () => {
      const samples = noise(3_000);
      const ids = await Promise.all([0, 1_000, 2_000].map((at) => add(0, at, samples.subarray(at, at + 1_000))));
      const purge = await inTransaction((em) => pcm.silence(em, audioId, people.ann.id, 500, 2_500));
      for (const id of ids) expect(await bed.row(id)).toMatchObject({ state: 'deleting', wrapped_key: null });
      const expected = samples.slice().fill(0, 500, 2_500);
      expect(bytesOf(await pcm.read(audioId, 0, 0, 3_000)).equals(bytesOf(expected))).toBe(true);
      await purge();
      while ((await bed.rowCount()) > 2);
      expect(await bed.files()).toHaveLength(2);
      // What is silent already needs no object.
      const { rows } = await bed.sql.query('select object_id from audio_part order by start_sample');
      expect(rows.map(({ object_id }) => object_id === null)).toEqual([false, true, false]);
    });

    it('destroys a part whole that cannot be read any more', async () => {
      const samples = noise(2_000);
      const ids = [await add(0, 0, samples.subarray(0, 1_000)), await add(0, 1_000, samples.subarray(1_000))];
      await worker.get(ObjectStore).delete(ids[0] ?? '');
      await silence(500, 600);
      const expected = samples.slice().fill(0, 0, 1_000);
      expect(bytesOf(await pcm.read(audioId, 0, 0, 2_000)).equals(bytesOf(expected))).toBe(true);
    });

    it('waits where the folder is away, which takes no sound for lost', async () => {
      const id = await add(0, 0, noise(1_000));
      const read = jest.spyOn(worker.get(ObjectStore), 'read').mockRejectedValue(new ObjectNotFoundError());
      const size = jest.spyOn(worker.get(ObjectStore), 'size').mockResolvedValue(null);
      await expect(silence(500, 600)).rejects.toThrow(ObjectNotFoundError);
      [read, size].forEach((spy) => spy.mockRestore());
      expect(await bed.row(id)).toMatchObject({ state: 'stored' });
    });

    it('needs no room that is left', async () => {
      await add(0, 0, noise(1_000));
      const full = jest.spyOn(worker.get(ObjectStore), 'requireRoom').mockRejectedValue(new StorageFullError());
      await expect(pcm.write(people.ann.id, noise(10))).rejects.toThrow(StorageFullError);
      await silence(500, 600);
      expect((await pcm.read(audioId, 0, 500, 600)).every((sample) => sample === 0)).toBe(true);
      full.mockRestore();
    });

    it('touches nothing outside', async () => {
      const ids = [await add(0, 0, noise(1_000)), await add(0, 1_000, noise(1_000)), await add(0, 2_000, noise(1_000))];
      await silence(1_000, 2_000);
      const { rows } = await bed.sql.query('select object_id from audio_part order by start_sample');
      expect(rows.map(({ object_id }) => object_id as string | null)).toEqual([ids[0], null, ids[2]]);
    });

    it('of a stretch without sound is no error', async () => {
      await silence(0, 1_000);
      await add(0, 0, noise(10));
      await silence(10, 1_000);
      expect(await bed.rowCount()).toBe(1);
    });
  });

  describe('discarding', () => {
    it('makes everything unreadable with the commit, and removes the files', async () => {
      await add(0, 0, noise(70_000));
      await add(1, 0, noise(70_000));
      const opened = await wav(2);
      const discard = inTransaction((em) => pcm.discard(em, audioId));
      await (await discard)();
      expect(await pcm.openWav(audioId, 2)).toBeNull();
      await expect(buffer(opened.read())).rejects.toThrow(ObjectNotFoundError);
      expect((await bed.sql.query('select 1 from stored_object where wrapped_key is not null')).rows).toEqual([]);
      while ((await bed.rowCount()) > 0);
      expect(await bed.files()).toEqual([]);
    });

    it('ends a WAV that somebody is reading', async () => {
      await add(0, 0, noise(200_000));
      const reading = (await wav(1)).read()[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
      await reading.next();
      await inTransaction((em) => pcm.discard(em, audioId));
      const rest = (async () => {
        while (!(await reading.next()).done);
      })();
      await expect(rest).rejects.toThrow(ObjectNotFoundError);
    });

    it('leaves all as it is when the transaction fails, and other sounds alone', async () => {
      const samples = noise(100);
      await add(0, 0, samples);
      const failed = inTransaction(async (em) => {
        await pcm.discard(em, audioId);
        throw new Error('rolled back');
      });
      await expect(failed).rejects.toThrow('rolled back');
      await inTransaction((em) => pcm.discard(em, randomUUID()));
      expect([...(await pcm.read(audioId, 0, 0, 100))]).toEqual([...samples]);
    });

    it('of more parts than are purged at once is finished by the search for lost jobs', async () => {
      for (let at = 0; at < 120; at++) await add(0, at * 10, noise(10));
      await (await inTransaction((em) => pcm.discard(em, audioId)))();
      const job = worker.get(PurgeAudioJob);
      for (const { payload } of await job.findLostJobs()) await job.handle(payload as { objectId: string });
      while ((await bed.rowCount()) > 0);
      expect(await bed.files()).toEqual([]);
    });
  });
});

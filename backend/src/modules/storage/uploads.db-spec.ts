import { randomBytes, randomUUID } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import type { Registry } from 'prom-client';
import { HealthRegistry, METRICS } from '../../platform/observability/index.js';
import { ProblemError } from '../../platform/http/index.js';
import { DataKeys, createWrappedKey, unwrapDataKey } from './data-keys.js';
import { type CompletedUpload, ObjectStore, StorageFullError, StoredObjects, Uploads } from './index.js';
import { StoredObjectRepository } from './stored-object.repository.js';
import { StorageTestbed, type TestApi, people, wavOf } from './testing/storage-testbed.js';
import { UploadLeases } from './upload-lease.js';
import { UploadRepairs } from './upload-repairs.js';

const MAX_UPLOAD = 1_000_000;

describe('Uploads', () => {
  let bed: StorageTestbed;
  let api: TestApi;
  let receiver: (upload: CompletedUpload) => Promise<void>;

  beforeAll(async () => {
    bed = await StorageTestbed.create({ AUSCULT_MAX_UPLOAD_BYTES: String(MAX_UPLOAD) });
    api = await bed.startApi((upload) => receiver(upload));
  });
  afterAll(() => bed.close());
  beforeEach(async () => {
    await bed.empty();
    api.received.length = 0;
    receiver = async () => undefined;
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const receive = (source: Readable, more = {}) =>
    api.app.get(Uploads).receive({ ownerId: people.ann.id, fileName: 'session.wav', title: null, mediaType: 'audio/x-wav', source, ...more });
  const sourceOf = (bytes: Buffer) => Readable.from([bytes.subarray(0, 50_000), bytes.subarray(50_000)], { objectMode: false });
  const nothingLeft = async () => {
    expect(await bed.rowCount()).toBe(0);
    expect(await bed.files()).toEqual([]);
  };

  describe('receive', () => {
    it('stores a whole file of unknown length and hands it over', async () => {
      const file = wavOf(300_000);
      const { id } = await receive(sourceOf(file), { title: 'First session' });
      expect(api.received).toEqual([{ id, ownerId: people.ann.id, fileName: 'session.wav', title: 'First session', mediaType: 'audio/wav', sizeBytes: 300_000 }]);
      expect((await buffer(await api.app.get(ObjectStore).read(id))).equals(file)).toBe(true);
      expect(await bed.row(id)).toMatchObject({ state: 'stored', length_bytes: '300000', expires_at: null, lease_holder: null });
      expect((await bed.row(id))?.delivered_at).toBeInstanceOf(Date);
    });

    it('takes a file of exactly the largest size, and not one byte more', async () => {
      await receive(sourceOf(wavOf(MAX_UPLOAD)));
      await bed.empty();
      await expect(receive(sourceOf(wavOf(MAX_UPLOAD + 1)))).rejects.toMatchObject({ code: 'upload-too-large' });
      await nothingLeft();
    });

    it('stops reading a file that is too large', async () => {
      let given = 0;
      const endless = new Readable({
        read() {
          given += 65_536;
          this.push(Buffer.alloc(65_536));
        },
      });
      await expect(receive(endless)).rejects.toMatchObject({ code: 'upload-too-large' });
      expect(given).toBeLessThan(3 * MAX_UPLOAD);
      expect(endless.destroyed).toBe(true);
      await nothingLeft();
    });

    it('refuses an empty file and one that is not audio', async () => {
      await expect(receive(Readable.from([]))).rejects.toMatchObject({ code: 'upload-empty' });
      await expect(receive(Readable.from([Buffer.from('just text')], { objectMode: false }))).rejects.toMatchObject({ code: 'audio-unreadable' });
      await nothingLeft();
    });

    it('leaves nothing behind when the client goes away', async () => {
      const source = new PassThrough();
      source.write(wavOf(200_000));
      const received = receive(source);
      source.once('drain', () => source.destroy());
      await expect(received).rejects.toMatchObject({ code: 'request-invalid' });
      await nothingLeft();
    });

    it('leaves nothing behind when the disk is full', async () => {
      jest.spyOn(api.app.get(ObjectStore), 'append').mockRejectedValueOnce(new StorageFullError());
      await expect(receive(sourceOf(wavOf(1_000)))).rejects.toMatchObject({ code: 'storage-full' });
      await nothingLeft();
    });

    it('keeps a file that could not be handed over, and hands it over later', async () => {
      receiver = () => Promise.reject(new Error('the database went away'));
      await expect(receive(sourceOf(wavOf(1_000)))).rejects.toThrow('the database went away');
      receiver = async () => undefined;
      await api.app.get(UploadRepairs).pass();
      expect(api.received).toHaveLength(1);
    });

    it('purges what the receiver refuses', async () => {
      receiver = () => Promise.reject(new ProblemError('conflict'));
      await expect(receive(sourceOf(wavOf(1_000)))).rejects.toMatchObject({ code: 'conflict' });
      await nothingLeft();
    });

    it('of a process that died in the middle is removed by the next pass', async () => {
      const source = new PassThrough();
      source.write(wavOf(200_000));
      const received = receive(source);
      while ((await bed.files()).length === 0);
      await bed.expireLeases();
      await api.app.get(UploadRepairs).pass();
      await nothingLeft();
      source.destroy();
      await expect(received).rejects.toThrow();
      await nothingLeft();
    });
  });

  it('counts bytes and outcomes, without names', async () => {
    await receive(sourceOf(wavOf(1_000)));
    await receive(Readable.from([Buffer.from('text')], { objectMode: false })).catch(() => undefined);
    const text = await api.app.get<Registry>(METRICS).metrics();
    expect(text).toMatch(/auscult_storage_uploads_total\{outcome="completed"\} \d/);
    expect(text).toMatch(/auscult_storage_uploads_total\{outcome="refused"\} \d/);
    expect(text).toMatch(/auscult_storage_stored_bytes_total \d{4}/);
    expect(text).not.toContain('session');
  });

  it('is ready while it can write', async () => {
    expect((await api.app.get(HealthRegistry).readiness()).parts).toMatchObject({ storage: 'up' });
    jest.spyOn(api.app.get(ObjectStore), 'probe').mockRejectedValueOnce(new Error('read-only'));
    expect((await api.app.get(HealthRegistry).readiness()).parts).toMatchObject({ storage: 'down' });
  });

  it('has one receiver', () => {
    expect(() => api.app.get(Uploads).onComplete(async () => undefined)).toThrow('receiver');
  });

  describe('data keys', () => {
    it('are wrapped for one object under one master key', async () => {
      const { id } = await receive(sourceOf(wavOf(1_000)));
      const wrapped = (await bed.row(id))?.wrapped_key as Buffer;
      const key = unwrapDataKey(bed.config.masterKey, id, wrapped);
      expect(key).toHaveLength(32);
      expect(wrapped.includes(key)).toBe(false);
      expect(await api.app.get(DataKeys).find(id)).toEqual({ key, sealedBytes: 1_000 });
      expect(() => unwrapDataKey(randomBytes(32), id, wrapped)).toThrow('damaged: key');
      expect(() => unwrapDataKey(bed.config.masterKey, randomUUID(), wrapped)).toThrow('damaged: key');
      expect(() => unwrapDataKey(bed.config.masterKey, id, wrapped.subarray(1))).toThrow('damaged: key');
      expect(createWrappedKey(bed.config.masterKey, id).equals(createWrappedKey(bed.config.masterKey, id))).toBe(false);
    });

    it('put in the row of another object do not open it', async () => {
      const [mine, theirs] = [await receive(sourceOf(wavOf(1_000))), await receive(sourceOf(wavOf(1_000)))];
      await bed.sql.query('update stored_object set wrapped_key = (select wrapped_key from stored_object where id = $1) where id = $2', [mine.id, theirs.id]);
      await expect(api.app.get(ObjectStore).read(theirs.id)).rejects.toThrow('damaged: key');
    });
  });

  describe('StoredObjects', () => {
    const inTransaction = (work: (em: Parameters<StoredObjects['discard']>[0]) => Promise<void>) => api.app.get(MikroORM).em.fork().transactional(work);

    it('destroys the key with the transaction of the caller, or not at all', async () => {
      const { id } = await receive(sourceOf(wavOf(1_000)));
      await expect(
        inTransaction(async (em) => {
          await api.app.get(StoredObjects).discard(em, id);
          throw new Error('rolled back');
        }),
      ).rejects.toThrow('rolled back');
      expect(await bed.row(id)).toMatchObject({ state: 'stored' });
      await inTransaction((em) => api.app.get(StoredObjects).discard(em, id));
      expect(await bed.row(id)).toMatchObject({ state: 'deleting', wrapped_key: null });
      await inTransaction((em) => api.app.get(StoredObjects).discard(em, id));
      await inTransaction((em) => api.app.get(StoredObjects).discard(em, randomUUID()));
    });

    it('never lets the database hold a key of something deleted', async () => {
      const { id } = await receive(sourceOf(wavOf(1_000)));
      await expect(bed.sql.query(`update stored_object set state = 'deleting' where id = $1`, [id])).rejects.toThrow('stored_object_key_check');
    });
  });

  describe('a lease', () => {
    const events = () => ({ wanted: jest.fn(), lost: jest.fn() });
    const signal = () => new AbortController().signal;
    const held = async () => (await receive(sourceOf(wavOf(1_000)))).id;

    it('is held by one, and the next one asks for it', async () => {
      const id = await held();
      const leases = api.app.get(UploadLeases);
      const [first, second] = [leases.of(id), leases.of(id)];
      const asked = events();
      await first.acquire(signal(), asked);
      asked.wanted.mockImplementation(() => void first.release());
      await second.acquire(signal(), events());
      expect(asked.wanted).toHaveBeenCalled();
      expect((await bed.row(id))?.lease_holder).toBe(second.holder);
      await second.release();
      expect((await bed.row(id))?.lease_holder).toBeNull();
    });

    it('of a dead holder runs out', async () => {
      const id = await held();
      await bed.sql.query(`update stored_object set lease_holder = $1, lease_until = now() + interval '300 milliseconds' where id = $2`, [randomUUID(), id]);
      const lease = api.app.get(UploadLeases).of(id);
      await lease.acquire(signal(), events());
      await lease.release();
    });

    it('that somebody else took is noticed', async () => {
      const id = await held();
      const lease = api.app.get(UploadLeases).of(id);
      const lost = new Promise<void>((resolve) => void lease.acquire(signal(), { wanted: () => undefined, lost: resolve }));
      while ((await bed.row(id))?.lease_holder !== lease.holder);
      await bed.sql.query('update stored_object set lease_holder = $1 where id = $2', [randomUUID(), id]);
      await lost;
      await lease.release();
      expect((await bed.row(id))?.lease_holder).not.toBeNull();
    });

    it('is not waited for by somebody who has gone', async () => {
      const id = await held();
      const first = api.app.get(UploadLeases).of(id);
      await first.acquire(signal(), events());
      const controller = new AbortController();
      const waiting = api.app.get(UploadLeases).of(id).acquire(controller.signal, events());
      controller.abort();
      await expect(waiting).rejects.toThrow('Another connection');
      await first.release();
    });

    it('that cannot be renewed in time is lost', async () => {
      const id = await held();
      const lease = api.app.get(UploadLeases).of(id);
      const rows = jest.spyOn(api.app.get(StoredObjectRepository), 'renewLease').mockRejectedValue(new Error('the database went away'));
      const now = performance.now();
      let leap = 0;
      jest.spyOn(performance, 'now').mockImplementation(() => now + leap);
      const lost = new Promise<void>((resolve) => void lease.acquire(signal(), { wanted: () => undefined, lost: resolve }).then(() => (leap = 7_000)));
      await lost;
      rows.mockRestore();
      await lease.release();
    });
  });
});

import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { ObjectStore, StoredObjects, Uploads } from '../index.js';
import { StorageTestbed, type TestApi, people, wavOf } from '../testing/storage-testbed.js';
import { PurgeAudioJob } from './purge-audio.job.js';

describe('purge-audio', () => {
  let bed: StorageTestbed;
  let api: TestApi;
  let job: PurgeAudioJob;

  beforeAll(async () => {
    bed = await StorageTestbed.create();
    api = await bed.startApi();
    job = (await bed.startWorker()).get(PurgeAudioJob);
  });
  afterAll(() => bed.close());
  beforeEach(() => bed.empty());

  const store = async () => {
    const source = Readable.from([wavOf(100_000)], { objectMode: false });
    return (await api.app.get(Uploads).receive({ ownerId: people.ann.id, fileName: null, title: null, mediaType: null, source })).id;
  };
  const discard = (id: string) => api.app.get(MikroORM).em.fork().transactional((em) => api.app.get(StoredObjects).discard(em, id));
  const gone = async (id: string) => {
    while (await bed.row(id));
    expect(await bed.files()).toEqual([]);
  };

  it('removes the file and the row of what was discarded', async () => {
    const id = await store();
    await discard(id);
    await api.app.get(StoredObjects).purgeSoon(id);
    await gone(id);
  });

  it('that was lost is found again by its row', async () => {
    const id = await store();
    await discard(id);
    expect(await job.findLostJobs()).toEqual([{ name: 'purge-audio', payload: { objectId: id }, key: id }]);
    // A worker that starts looks for lost jobs first.
    await bed.startWorker();
    await gone(id);
    expect(await job.findLostJobs()).toEqual([]);
  });

  it('never touches audio that is wanted', async () => {
    const id = await store();
    await job.handle({ objectId: id });
    expect(await api.app.get(ObjectStore).size(id)).toBe(100_000);
  });

  it('may come twice', async () => {
    const id = await store();
    await discard(id);
    await job.handle({ objectId: id });
    await job.handle({ objectId: id });
    await gone(id);
  });
});

import { expect, test, type Page, type Request } from '@playwright/test';
import { quietAudio } from './quiet-audio';
import { signIn } from './sign-in';

/** Slow enough to reload in the middle of 4 MB, fast enough not to bore. */
const SLOW_BYTES_PER_SECOND = 400_000;

/** The server's own account of an upload: how many were made, and where each sending began. */
function observe(page: Page): { created: () => number; offsets: () => number[] } {
  const requests: Request[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/uploads')) requests.push(request);
  });
  const sent = (method: string) => requests.filter((request) => request.method() === method);
  return { created: () => sent('POST').length, offsets: () => sent('PATCH').map((request) => Number(request.headers()['upload-offset'])) };
}

/** One session for all conditions of a page: a second one would hold its own opinion about them. */
async function networkOf(page: Page): Promise<(conditions: { offline?: boolean; uploadThroughput?: number }) => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  return async ({ offline = false, uploadThroughput = -1 }) => {
    await session.send('Network.emulateNetworkConditions', { offline, latency: 0, downloadThroughput: -1, uploadThroughput });
  };
}

/** Chooses the recording and waits until a good part of it is on its way. */
async function beginSlowly(page: Page, name: string): Promise<Awaited<ReturnType<typeof networkOf>>> {
  const network = await networkOf(page);
  await network({ uploadThroughput: SLOW_BYTES_PER_SECOND });
  await page.getByLabel('Recordings to upload').setInputFiles({ name: `${name}.wav`, mimeType: 'audio/wav', buffer: quietAudio(125) });
  const progress = page.getByRole('progressbar', { name: `Upload of ${name}.wav` });
  await expect.poll(async () => Number(await progress.getAttribute('aria-valuenow')), { timeout: 30_000 }).toBeGreaterThan(30);
  return network;
}

/** Lets the copy of the file come at the worst moment: while the upload's address is being written down beside it. */
async function keepTheFileLate(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { storage } = navigator;
    const estimate = storage.estimate.bind(storage);
    const read = IDBObjectStore.prototype.get;
    const reached = new Promise<void>((resolve) => {
      IDBObjectStore.prototype.get = function (this: IDBObjectStore, key) {
        resolve();
        return read.call(this, key);
      };
    });
    storage.estimate = () => reached.then(estimate);
  });
}

async function expectArrived(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('heading', { name: `${name}.wav` })).toBeHidden({ timeout: 60_000 });
  await expect(page.getByRole('listitem').filter({ has: page.getByRole('link', { name: new RegExp(name) }) })).toContainText('No speech', { timeout: 60_000 });
}

test.beforeEach(async ({ page }) => {
  await page.goto('/');
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'Recordings', level: 1 })).toBeVisible();
});

test('an upload goes on by itself after a reload, where it stopped', async ({ page }) => {
  const uploads = observe(page);
  await keepTheFileLate(page);
  const network = await beginSlowly(page, 'Resumed visit');
  await page.reload();
  await network({});
  await expectArrived(page, 'Resumed visit');
  expect(uploads.created()).toBe(1);
  expect(uploads.offsets().at(-1)).toBeGreaterThan(0);
});

test('where the browser could not keep the file, the person is asked for it and it goes on where it stopped', async ({ page }) => {
  const uploads = observe(page);
  const network = await beginSlowly(page, 'Asked-for visit');
  // As if the browser had had no room for a copy.
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        indexedDB.open('auscult-uploads').onsuccess = (opened) => {
          const store = (opened.target as IDBOpenDBRequest).result.transaction('uploads', 'readwrite').objectStore('uploads');
          store.getAll().onsuccess = (read) => {
            for (const upload of (read.target as IDBRequest<object[]>).result) store.put({ ...upload, file: null });
          };
          store.transaction.oncomplete = () => resolve();
        };
      }),
  );
  await page.reload();
  await network({});
  await expect(page.getByText('it goes on where it stopped')).toBeVisible();
  const known = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        indexedDB.open('auscult-uploads').onsuccess = (opened) => {
          const store = (opened.target as IDBOpenDBRequest).result.transaction('uploads').objectStore('uploads');
          store.getAll().onsuccess = (read) => resolve((read.target as IDBRequest<{ lastModified: number }[]>).result[0]?.lastModified ?? 0);
        };
      }),
  );
  // A file that a test gives has the moment as its date of change; the person's own keeps the one it had.
  await page.evaluate(
    ({ bytes, lastModified }) => {
      const file = new File([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], 'Asked-for visit.wav', { type: 'audio/wav', lastModified });
      const transfer = new DataTransfer();
      transfer.items.add(file);
      const picker = document.querySelector<HTMLInputElement>('input[aria-label="The file Asked-for visit.wav"]');
      if (!picker) throw new Error('There is no picker for the file');
      picker.files = transfer.files;
      picker.dispatchEvent(new Event('change'));
    },
    { bytes: quietAudio(125).toString('base64'), lastModified: known },
  );
  await expectArrived(page, 'Asked-for visit');
  expect(uploads.created()).toBe(1);
  expect(uploads.offsets().at(-1)).toBeGreaterThan(0);
});

test('an upload is paused, resumed and given up', async ({ page }) => {
  const uploads = observe(page);
  await beginSlowly(page, 'Paused visit');
  await page.getByRole('button', { name: 'Pause Paused visit.wav' }).click();
  await expect(page.getByText(/paused$/)).toBeVisible();
  await page.getByRole('button', { name: 'Resume Paused visit.wav' }).click();
  await expect.poll(() => uploads.offsets().length).toBe(2);
  expect(uploads.offsets()[1]).toBeGreaterThan(0);
  const removed = page.waitForResponse((response) => response.request().method() === 'DELETE' && response.url().includes('/api/uploads/'));
  await page.getByRole('button', { name: 'Give up Paused visit.wav' }).click();
  expect((await removed).status()).toBe(204);
  await page.reload();
  await expect(page.getByRole('link', { name: /Example/ }).first()).toBeVisible();
  await expect(page.getByText('Paused visit')).toHaveCount(0);
});

test('a lost connection is said, and the upload goes on when it is back', async ({ page }) => {
  const uploads = observe(page);
  await page.route('**/api/uploads/*', (route) => route.abort('connectionfailed'));
  await page.getByLabel('Recordings to upload').setInputFiles({ name: 'Interrupted visit.wav', mimeType: 'audio/wav', buffer: quietAudio(5) });
  await expect(page.getByText('the connection is down; it goes on by itself')).toBeVisible();
  await page.unroute('**/api/uploads/*');
  await expectArrived(page, 'Interrupted visit');
  expect(uploads.created()).toBe(1);
});

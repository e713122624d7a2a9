import { expect, type Locator, type Page } from '@playwright/test';
import { elapsed, finals, finish, goOnAir, plain, share, spokenBy, test } from './spoken-microphone';
import { lines } from './transcript-journey';

/** The first turn of the conversation is over after 14 seconds and has 44 words. */
const firstTurn = spokenBy(14_000);
const heard = async (page: Page): Promise<string[]> => plain((await finals(page).allTextContents()).join(' '));

/** Where the sound is, in words, as the eye reads it. */
const connection = (page: Page): Locator => page.locator('auscult-on-air-deck .connection');

/** Cuts every connection of the page's live channel and lets no new one through, until it is given back. */
async function network(page: Page): Promise<{ cut: () => Promise<void>; giveBack: () => void }> {
  let down = false;
  const open = new Set<{ close: () => Promise<void> }>();
  await page.routeWebSocket(/socket\.io/, (socket) => {
    if (down) return void socket.close();
    socket.connectToServer();
    open.add(socket);
  });
  await page.route('**/socket.io/**', (route) => (down ? route.abort('internetdisconnected') : route.fallback()));
  return {
    cut: async () => {
      down = true;
      await Promise.all([...open].map((socket) => socket.close()));
      open.clear();
    },
    giveBack: () => (down = false),
  };
}

/** For the page, many sessions share the server: it would like eight frames in a message. Answers how many messages of sound were sent. */
async function crowd(page: Page): Promise<() => number> {
  let messages = 0;
  await page.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => socket.send(typeof message === 'string' ? message.replace(/"gather":\d/, '"gather":8') : message));
    socket.onMessage((message) => {
      if (typeof message === 'string' && message.includes('"live:audio"')) messages += 1;
      server.send(message);
    });
  });
  return () => messages;
}

/** On air, and then without network. */
async function onAirUntilCut(page: Page): ReturnType<typeof network> {
  const line = await network(page);
  await page.reload();
  await goOnAir(page);
  await expect(connection(page)).toHaveText('Up to date', { timeout: 30_000 });
  await line.cut();
  return line;
}

test('a session is started in two presses, its words appear as they are spoken, and its transcript plays', async ({ clinician }) => {
  const page = await clinician.open();
  await goOnAir(page);
  await expect(page).toHaveTitle(/On air/);
  // While somebody speaks: words that are not final yet.
  await expect(page.locator('auscult-spoken-now')).toContainText(/\w+ \w+/, { timeout: 30_000 });
  await expect(connection(page)).toHaveText('Up to date');
  await page.keyboard.press('m');
  await expect(page.getByRole('log')).toContainText(/Marked 0:/);
  await expect.poll(async () => share(firstTurn, await heard(page)), { timeout: 40_000 }).toBeGreaterThan(0.8);
  const recorded = await elapsed(page);

  await finish(page);
  await expect(page).toHaveTitle(/Transcript/);
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('The session is over')).toBeHidden({ timeout: 30_000 });
  await expect.poll(async () => share(firstTurn, plain((await lines(page).allTextContents()).join(' ')))).toBeGreaterThan(0.8);
  await expect(page.getByRole('list', { name: 'Marks of the session' })).toContainText('Marked');
  const [minutes, seconds] = ((await page.locator('au-player-bar').textContent()) ?? '').match(/of\s*(\d+):(\d\d)/)!.slice(1).map(Number);
  expect(minutes! * 60 + seconds!).toBeGreaterThanOrEqual(recorded);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  await expect.poll(async () => (await page.locator('au-player-bar').textContent()) ?? '').toMatch(/0:0[1-9]/);
});

test('a reload in the middle goes on with the same session and loses nothing', async ({ clinician }) => {
  const page = await clinician.open();
  await goOnAir(page);
  await expect.poll(() => finals(page).count(), { timeout: 40_000 }).toBeGreaterThan(0);
  const before = await elapsed(page);
  await page.reload();
  await expect(page.getByText(/The session of .* was interrupted/)).toBeVisible();
  await page.getByRole('button', { name: /^Go on with the session/ }).click();
  await expect(page.getByText('On air', { exact: true })).toBeVisible();
  // The microphone speaks from its beginning again, the session goes on where it was.
  await expect.poll(() => elapsed(page), { timeout: 60_000 }).toBeGreaterThan(before + 14);
  await expect.poll(async () => (await heard(page)).filter((word) => word === 'poisoning').length, { timeout: 30_000 }).toBe(2);
  await finish(page);
  await expect(page.getByText('The session is over')).toBeHidden({ timeout: 30_000 });
  await page.goto('/recordings');
  await expect(page.getByRole('link', { name: /Example/ })).toBeVisible();
  await expect(page.getByText('was interrupted')).toHaveCount(0);
});

test('where many sessions share the server, it hears for itself what is waited for, sends less often, and loses nothing', async ({ clinician }) => {
  const page = await clinician.open();
  const messages = await crowd(page);
  await page.reload();
  const detector = page.waitForResponse(/api\/live\/voice-detector$/);
  await goOnAir(page);
  expect((await detector).status()).toBe(200);
  const [before, since] = [messages(), await elapsed(page)];
  await expect.poll(async () => share(firstTurn, await heard(page)), { timeout: 40_000 }).toBeGreaterThan(0.8);
  const frames = ((await elapsed(page)) - since) * 10;
  // Of the first 200 frames 28 messages are made, and 42 where pauses are guessed by loudness.
  expect(messages() - before).toBeLessThan(frames * 0.18);
  await finish(page);
  await expect.poll(async () => share(firstTurn, plain((await lines(page).allTextContents()).join(' ')))).toBeGreaterThan(0.8);
});

test('an interrupted session is offered on the list and finished without a microphone', async ({ clinician }) => {
  const page = await clinician.open();
  await goOnAir(page);
  await expect.poll(() => elapsed(page)).toBeGreaterThan(3);
  await page.goto('/recordings');
  await page.getByRole('link', { name: 'Go on or finish it' }).click();
  await page.getByRole('button', { name: 'Finish it' }).click();
  await expect(page).toHaveURL(/\/recordings\/[0-9a-f-]{36}$/, { timeout: 30_000 });
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible({ timeout: 30_000 });
});

test('without network everything is kept on the device and sent when it is back', async ({ clinician }) => {
  const page = await clinician.open();
  const line = await onAirUntilCut(page);
  await expect(connection(page)).toHaveText(/No network: everything is kept on this device \(\d+ s\)/, { timeout: 30_000 });
  await expect.poll(() => elapsed(page), { timeout: 40_000 }).toBeGreaterThan(15);
  line.giveBack();
  await expect(connection(page)).toHaveText('Up to date', { timeout: 40_000 });
  await expect.poll(async () => share(firstTurn, await heard(page)), { timeout: 40_000 }).toBeGreaterThan(0.8);
  await finish(page);
});

test('finished without network, it is sent while the person reads something else', async ({ clinician }) => {
  const page = await clinician.open();
  const line = await onAirUntilCut(page);
  await page.getByRole('button', { name: 'Finish', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Finish', exact: true }).click();
  await expect(page.locator('auscult-on-air-deck')).toContainText('Finishing');
  await page.getByRole('link', { name: 'Recordings', exact: true }).click();
  await page.getByRole('link', { name: /Example/ }).first().click();
  await expect(lines(page).first()).toBeVisible();
  const reading = page.url();
  line.giveBack();
  const kept = (): Promise<number> =>
    page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          indexedDB.open('auscult-live').onsuccess = (opened) => {
            const count = (opened.target as IDBOpenDBRequest).result.transaction('sessions').objectStore('sessions').count();
            count.onsuccess = () => resolve(count.result);
          };
        }),
    );
  await expect.poll(kept, { timeout: 60_000 }).toBe(0);
  expect(page.url()).toBe(reading);
});

test('what is put off the record is gone, with a note that it was', async ({ clinician }) => {
  const page = await clinician.open();
  await goOnAir(page);
  await expect.poll(async () => share(firstTurn, await heard(page)), { timeout: 40_000 }).toBeGreaterThan(0.8);
  await page.getByRole('button', { name: 'Off the record' }).click();
  await page.getByRole('menuitem', { name: '1 minute' }).click();
  await page.getByRole('button', { name: 'Destroy the last minute' }).click();
  await expect(page.getByRole('log')).toContainText('Off the record', { timeout: 20_000 });
  await expect.poll(() => heard(page), { timeout: 20_000 }).not.toContain('poisoning');
  await finish(page);
  await expect(page.getByRole('list', { name: 'Marks of the session' })).toContainText('Off the record');
  await expect(page.getByText('The session is over')).toBeHidden({ timeout: 30_000 });
  expect(plain((await lines(page).allTextContents()).join(' '))).not.toContain('poisoning');
});

test('paused, nothing is recorded; another device follows along and finishes', async ({ clinician }) => {
  const page = await clinician.open();
  await goOnAir(page);
  await expect.poll(() => elapsed(page)).toBeGreaterThan(2);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page).toHaveTitle(/Paused/);
  const paused = await elapsed(page);
  const other = await clinician.open();
  await other.getByRole('listitem').filter({ hasText: 'On air' }).first().getByRole('link').click();
  await expect(other.getByText('You follow along here.')).toBeVisible();
  expect(await elapsed(page)).toBe(paused);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(other.locator('auscult-spoken-now').or(lines(other)).first()).toContainText(/\w+ \w+/, { timeout: 30_000 });
  await other.getByRole('button', { name: 'Finish from here' }).click();
  await other.getByRole('button', { name: 'Finish the session' }).click();
  await expect(other.getByRole('button', { name: 'Play', exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('On air', { exact: true })).toBeHidden({ timeout: 30_000 });
});

test('what was not sent before another device finished the session becomes a recording of its own', async ({ clinician }) => {
  const page = await clinician.open();
  const line = await onAirUntilCut(page);
  await expect.poll(() => elapsed(page), { timeout: 40_000 }).toBeGreaterThan(15);
  const other = await clinician.open();
  await other.getByRole('listitem').filter({ hasText: 'On air' }).first().getByRole('link').click();
  await other.getByRole('button', { name: 'Finish from here' }).click();
  await other.getByRole('button', { name: 'Finish the session' }).click();
  await expect(other.getByRole('button', { name: 'Play', exact: true })).toBeVisible({ timeout: 30_000 });
  line.giveBack();
  const notice = page.getByText(/The last \d+ s, which this device had not sent by then, become a recording of their own/);
  await expect(notice).toBeVisible({ timeout: 40_000 });
  await expect(page.locator('auscult-on-air-deck')).toContainText(/Not recording.*The session is over/s);
  await expect(page.getByText('Something went wrong')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('What was not sent becomes a recording of its own');
  await other.goto('/recordings');
  await other.getByRole('link', { name: /^Session of .*, the rest/ }).click();
  await expect(other.getByRole('button', { name: 'Play', exact: true })).toBeVisible({ timeout: 60_000 });
  const [, unsent = '0'] = /The last (\d+) s/.exec((await notice.textContent()) ?? '') ?? [];
  const [minutes, seconds] = ((await other.locator('au-player-bar').textContent()) ?? '').match(/of\s*(\d+):(\d\d)/)!.slice(1).map(Number);
  expect(Math.abs(minutes! * 60 + seconds! - Number(unsent))).toBeLessThanOrEqual(1);
  await expect.poll(async () => share(firstTurn, plain((await lines(other).allTextContents()).join(' '))), { timeout: 30_000 }).toBeGreaterThan(0.7);
  await page.getByRole('link', { name: 'Open the transcript' }).click();
  await page.goto('/recordings');
  await expect(page.getByRole('link', { name: /^Session of .*, the rest/ })).toBeVisible();
  await expect(page.getByText('was interrupted')).toHaveCount(0);
});

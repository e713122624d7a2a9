// Browser tests run in Node; the portal that they share a project with does not.
/// <reference types="node" />
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test as base, expect, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { signIn } from './sign-in';

const SAMPLE = join(import.meta.dirname, '../../libs/speech/samples/short.flac');

interface Clinician {
  context: BrowserContext;
  /** For what a test prepares through the API. */
  headers: { authorization: string };
}

/**
 * Tests of the transcript page share one sign-in, as one browser does: signing in for each would run into the limit on
 * attempts. Each test has windows and recordings of its own.
 */
export const test = base.extend<{ openNew: (title: string) => Promise<Page> }, { clinician: Clinician }>({
  clinician: [
    async ({ browser }, use) => {
      const context = await browser.newContext({
        baseURL: process.env['AUSCULT_URL'],
        viewport: { width: 1280, height: 800 },
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const page = await context.newPage();
      await page.goto('/');
      const answered = page.waitForResponse('**/api/auth/sign-in');
      await signIn(page);
      const { accessToken } = (await (await answered).json()) as { accessToken: string };
      await page.close();
      await use({ context, headers: { authorization: `Bearer ${accessToken}` } });
      await context.close();
    },
    { scope: 'worker' },
  ],
  openNew: async ({ clinician }, use) => {
    const before = clinician.context.pages().length;
    await use(async (title) => {
      const id = await transcribed(clinician, title);
      const page = await clinician.context.newPage();
      await page.goto(`/recordings/${id}`);
      await expect(lines(page).first()).toBeVisible();
      return page;
    });
    for (const page of clinician.context.pages().slice(before)) await page.close();
  },
});

/** Puts a real recording through the real pipeline; its id. */
async function transcribed({ context, headers }: Clinician, title: string): Promise<string> {
  const file = { name: 'short.flac', mimeType: 'audio/flac', buffer: await readFile(SAMPLE) };
  const uploaded = await context.request.post('/api/recordings', { headers, multipart: { title, file } });
  expect(uploaded.status()).toBe(201);
  const { id } = (await uploaded.json()) as { id: string };
  const status = async () => ((await (await context.request.get(`/api/recordings/${id}`, { headers })).json()) as { status: string }).status;
  await expect.poll(status, { timeout: 60_000 }).toBe('completed');
  return id;
}

/** The same page in another window of the same browser. */
export async function secondWindow(page: Page): Promise<Page> {
  const other = await page.context().newPage();
  await other.goto(page.url());
  await expect(lines(other).first()).toBeVisible();
  return other;
}

export function lines(page: Page): Locator {
  return page.getByRole('feed', { name: 'Transcript' }).getByRole('article');
}

/** The text of a line, without its name, time and buttons. */
export function textOf(line: Locator): Locator {
  return line.locator('p.text');
}

/** The word that is marked as heard; null in silence. */
export function heardWord(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    for (const name of ['au-heard', 'au-heard-about']) {
      for (const range of CSS.highlights.get(name) ?? []) return (range as Range).toString();
    }
    return null;
  });
}

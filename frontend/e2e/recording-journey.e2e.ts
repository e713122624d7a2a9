import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { longSession } from './speech-files';
import { signIn } from './sign-in';
import { lines } from './transcript-journey';

const samples = join(import.meta.dirname, '../../libs/speech/samples');
const turns = (JSON.parse(readFileSync(join(samples, 'conversation.json'), 'utf8')) as { turns: { words: string }[] }).turns;

/** Words as they are compared here: lower case, letters and digits only. */
const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9 ]/g, ' ').split(/\s+/).filter(Boolean);

/** The share of the spoken words that the page shows. */
function shareShown(spoken: string[], shown: string[]): number {
  const seen = new Set(shown);
  return spoken.filter((word) => seen.has(word)).length / spoken.length;
}

async function upload(page: Page, file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  await page.getByLabel('Recordings to upload').setInputFiles(file);
}

test('a clinician signs in, drops a session in, and reads its words while it is being transcribed', async ({ page }) => {
  await page.goto('/');
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'Recordings', level: 1 })).toBeVisible();

  const title = `Session ${Date.now()}`;
  await upload(page, { name: `${title}.wav`, mimeType: 'audio/wav', buffer: longSession(240) });
  await page.getByRole('link', { name: title }).first().click();

  // Words are there, and the transcription still goes on.
  await expect(lines(page).first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('progressbar').first()).toBeVisible();
  const early = await lines(page).count();
  await expect.poll(() => lines(page).count(), { timeout: 60_000 }).toBeGreaterThan(early);
  await expect(page.getByRole('progressbar')).toHaveCount(0, { timeout: 110_000 });
  const shown = plain(await page.getByRole('feed', { name: 'Transcript' }).innerText()).join(' ');
  expect(shown).toContain('account of himself better than anything else');
  expect(shown).toContain('is it the duty of the doctor to inform the police');
});

test('two channels become two speakers, with the words that were spoken', async ({ page }) => {
  await page.goto('/');
  await signIn(page);
  const title = `Conversation ${Date.now()}`;
  await upload(page, { name: `${title}.ogg`, mimeType: 'audio/ogg', buffer: readFileSync(join(samples, 'conversation.ogg')) });
  await page.getByRole('link', { name: title }).first().click();
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('au-waveform path').first()).toBeAttached({ timeout: 60_000 });

  await expect(lines(page)).toHaveCount(turns.length);
  const shown = plain(await page.getByRole('feed', { name: 'Transcript' }).innerText());
  expect(shareShown(turns.flatMap(({ words }) => plain(words)), shown)).toBeGreaterThan(0.85);
  await expect(lines(page).nth(0)).toContainText('Speaker 1');
  await expect(lines(page).nth(1)).toContainText('Speaker 2');
});

test('what is no recording is refused with a reason and leaves nothing behind', async ({ page }) => {
  await page.goto('/');
  await signIn(page);
  await upload(page, { name: 'letter.wav', mimeType: 'audio/wav', buffer: Buffer.from('Dear colleague, this is a letter. '.repeat(200)) });
  await expect(page.getByText(/no audio that can be read/i)).toBeVisible();
  await page.reload();
  await expect(page.getByRole('link', { name: /Example/ }).first()).toBeVisible();
  await expect(page.getByRole('link', { name: /letter/ })).toHaveCount(0);
});

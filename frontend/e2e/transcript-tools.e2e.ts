import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { lines, secondWindow, test, textOf } from './transcript-journey';

test('every export format arrives as a file that holds the words', async ({ openNew }) => {
  const page = await openNew('Exports: first/second');
  const words = (await textOf(lines(page).first()).innerText()).trim().split(/\s+/).slice(0, 2).join(' ');
  for (const extension of ['txt', 'srt', 'vtt', 'json', 'docx']) {
    const arriving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: `.${extension}` }).click();
    const download = await arriving;
    expect(download.suggestedFilename()).toMatch(new RegExp(`^Exports[^/\\\\]*\\.${extension}$`));
    const bytes = await readFile(await download.path());
    // A Word file is a zip: its words are compressed.
    if (extension === 'docx') expect(bytes.subarray(0, 2).toString()).toBe('PK');
    else expect(bytes.toString()).toContain(words);
  }
});

test('the keyboard alone finds, reads, plays and copies', async ({ openNew }) => {
  const page = await openNew('Keyboard');
  const last = (await textOf(lines(page).last()).innerText()).trim();
  const word = last.split(/\s+/).at(-1)?.replace(/\W/g, '') ?? '';

  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type(word);
  await expect(page.getByRole('search').getByRole('status')).toContainText(/^\d+ of \d+$/);
  await expect.poll(() => page.evaluate(() => CSS.highlights.get('au-match-current')?.size)).toBe(1);
  await page.keyboard.press('Escape');
  await expect.poll(() => page.evaluate(() => CSS.highlights.has('au-match'))).toBe(false);

  await lines(page).first().focus();
  for (let line = 1; line < (await lines(page).count()); line += 1) await page.keyboard.press('ArrowDown');
  await expect(lines(page).last()).toBeFocused();
  await page.keyboard.press('c');
  await expect(page.getByText('Line copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(last);

  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await page.keyboard.press('k');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await page.keyboard.press('Escape');

  // Tab leaves the transcript after the buttons of one line, however many lines there are.
  await lines(page).last().focus();
  for (let stop = 0; stop < 6; stop += 1) await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.closest('[role="feed"]'))).toBeNull();
});

test('a recording that is deleted in another window says so', async ({ openNew }) => {
  const page = await openNew('Deleted');
  const other = await secondWindow(page);
  await other.getByRole('button', { name: 'More actions' }).click();
  await other.getByRole('menuitem', { name: 'Delete recording' }).click();
  await other.getByRole('alertdialog').getByRole('button', { name: 'Delete recording' }).click();
  await expect(other.getByRole('heading', { name: 'Recordings' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'This recording was deleted' })).toBeVisible();
});

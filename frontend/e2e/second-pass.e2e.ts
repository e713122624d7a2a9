import { expect } from '@playwright/test';
import { finals, finish, goOnAir, test } from './spoken-microphone';
import { lines, textOf } from './transcript-journey';
import { violations } from './violations';

test('a session is heard a second time by hand, its corrections stay, and the page tells', async ({ clinician }) => {
  test.slow();
  const page = await clinician.open();
  await goOnAir(page);
  await expect.poll(() => finals(page).count(), { timeout: 40_000 }).toBeGreaterThan(0);
  await finish(page);
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible({ timeout: 40_000 });
  const line = page.locator('auscult-second-pass-line');
  await expect(line).toBeEmpty();

  const first = lines(page).first();
  await textOf(first).dblclick({ position: { x: 60, y: 12 } });
  await first.getByRole('textbox').fill('As she said it herself.');
  await first.getByRole('textbox').press('Enter');
  await expect(textOf(first)).toHaveText('As she said it herself.');

  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Transcribe again' }).click();
  await page.getByRole('button', { name: 'Transcribe again', exact: true }).click();
  await expect(line).toContainText('Heard a second time by moonshine-base; corrections stay.', { timeout: 60_000 });
  await expect(textOf(first)).toHaveText('As she said it herself.');
  await page.reload();
  await expect(line).toContainText('Heard a second time');
  await expect(textOf(first)).toHaveText('As she said it herself.');
  expect(await violations(page)).toEqual([]);
});

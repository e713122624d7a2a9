import { type Locator, type Page, expect } from '@playwright/test';
import { finals, goOnAir, test } from './spoken-microphone';
import { violations } from './violations';

const looks = (['light', 'dark'] as const).flatMap((colorScheme) => [1280, 390].map((width) => ({ colorScheme, width })));

/** Looks at the page in both schemes and both widths, from its top: what has scrolled half under a bar would count as a target that is too small. */
async function expectAccessible(page: Page, what: string, without: string[] = []): Promise<void> {
  for (const { colorScheme, width } of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 820 });
    await page.evaluate(() => window.scrollTo({ top: 0, behavior: 'instant' }));
    expect.soft(await violations(page, without), `${what}, ${colorScheme}, ${width} px`).toEqual([]);
  }
}

test('a session has no violation, its menu and its dialogs neither, light and dark, wide and on a phone', async ({ clinician }) => {
  const page = await clinician.open();
  await page.getByRole('link', { name: 'New session' }).click();
  await expect(page.getByRole('button', { name: 'Start the session' })).toBeVisible();
  await expectAccessible(page, 'before');
  await page.getByRole('radio', { name: 'Telehealth' }).check({ force: true });
  await expect(page.getByText('After Start, the browser asks')).toBeVisible();
  await expectAccessible(page, 'telehealth');
  await page.getByRole('radio', { name: 'In the room' }).check({ force: true });

  await page.goto('/recordings');
  await goOnAir(page);
  await expect.poll(() => finals(page).count(), { timeout: 40_000 }).toBeGreaterThan(0);
  await page.keyboard.press('m');
  await expect(page.getByRole('log')).toContainText(/Marked/);
  await expectAccessible(page, 'on air');
  await page.getByRole('button', { name: 'Off the record' }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  await expectAccessible(page, 'menu', ['region']);
  await page.getByRole('menuitem', { name: '2 minutes' }).click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await expectAccessible(page, 'off the record');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Pause' }).click();
  await expectAccessible(page, 'paused');
  await page.getByRole('button', { name: 'Finish', exact: true }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page, 'finish');
  await page.getByRole('dialog').getByRole('button', { name: 'Finish', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible({ timeout: 40_000 });
  await expectAccessible(page, 'its transcript');
});

test('a session is begun, marked, put off the record and finished by keyboard alone', async ({ clinician }) => {
  const page = await clinician.open();
  await page.getByRole('link', { name: 'New session' }).press('Enter');
  await page.getByRole('button', { name: 'Start the session' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'Session', exact: true })).toBeFocused();
  await expect(page.getByRole('status').filter({ hasText: 'On air. Up to date' })).toBeAttached();
  const button = (name: string | RegExp): Locator => page.getByRole('button', { name });
  await page.keyboard.press('Tab');
  await expect(button('Marker')).toBeFocused();
  await page.keyboard.press('m');
  await expect(page.getByRole('log')).toContainText(/Marked/);
  await page.keyboard.press('Tab');
  await expect(button('Off the record')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: '1 minute' })).toBeFocused();
  await page.keyboard.press('Enter');
  // The harmless answer has the focus.
  const question = page.getByRole('alertdialog', { name: 'Put the last minute off the record?' });
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(button('Off the record')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(button('Pause')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(button('Finish')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Go on recording' })).toBeFocused();
  await page.getByRole('dialog').getByRole('button', { name: 'Finish', exact: true }).press('Enter');
  await expect(page).toHaveURL(/\/recordings\/[0-9a-f-]{36}$/, { timeout: 30_000 });
});

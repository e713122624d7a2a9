import { type Page, expect } from '@playwright/test';
import { finals, goOnAir, test } from './spoken-microphone';
import { violations } from './violations';

const looks = (['light', 'dark'] as const).flatMap((colorScheme) => [1280, 390].map((width) => ({ colorScheme, width })));

/** Looks at the page as it stands in both schemes and both widths. */
async function expectAccessible(page: Page, what: string, without: string[] = []): Promise<void> {
  for (const { colorScheme, width } of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 820 });
    expect.soft(await violations(page, without), `${what}, ${colorScheme}, ${width} px`).toEqual([]);
  }
}

test('a session has no violation, its menu and its dialogs neither, light and dark, wide and on a phone', async ({ clinician }) => {
  test.slow();
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

import { expect } from '@playwright/test';
import { finals, goOnAir, test } from './spoken-microphone';
import { violations } from './violations';

for (const colorScheme of ['light', 'dark'] as const) {
  for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
    test(`a session has no violation, its menu and its dialogs neither: ${colorScheme}, ${viewport.width} px wide`, async ({ clinician }) => {
      const page = await clinician.open({ viewport, colorScheme });
      await page.getByRole('link', { name: 'New session' }).click();
      await expect(page.getByRole('button', { name: 'Start the session' })).toBeVisible();
      expect.soft(await violations(page), 'before').toEqual([]);
      await page.getByRole('radio', { name: 'Telehealth' }).check({ force: true });
      await expect(page.getByText('After Start, the browser asks')).toBeVisible();
      expect.soft(await violations(page), 'telehealth').toEqual([]);
      await page.getByRole('radio', { name: 'In the room' }).check({ force: true });

      await page.goto('/recordings');
      await goOnAir(page);
      await expect.poll(() => finals(page).count(), { timeout: 40_000 }).toBeGreaterThan(0);
      await page.keyboard.press('m');
      await expect(page.getByRole('log')).toContainText(/Marked/);
      expect.soft(await violations(page), 'on air').toEqual([]);
      await page.getByRole('button', { name: 'Off the record' }).click();
      await expect(page.getByRole('menu')).toBeVisible();
      expect.soft(await violations(page, ['region']), 'menu').toEqual([]);
      await page.getByRole('menuitem', { name: '2 minutes' }).click();
      await expect(page.getByRole('alertdialog')).toBeVisible();
      expect.soft(await violations(page), 'off the record').toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Pause' }).click();
      expect.soft(await violations(page), 'paused').toEqual([]);
      await page.getByRole('button', { name: 'Finish', exact: true }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      expect.soft(await violations(page), 'finish').toEqual([]);
      await page.getByRole('dialog').getByRole('button', { name: 'Finish', exact: true }).click();
      await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible({ timeout: 40_000 });
      expect.soft(await violations(page), 'its transcript').toEqual([]);
    });
  }
}

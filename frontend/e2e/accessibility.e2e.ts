import { expect, test, type Page } from '@playwright/test';
import { signIn } from './sign-in';
import { violations } from './violations';

const clinicianPages: Record<string, (page: Page) => Promise<void>> = {
  'recordings': (page) => expect(page.getByRole('link', { name: /Example/ }).first()).toBeVisible(),
  'a search without results': async (page) => {
    await page.goto('/recordings?search=nothing-is-called-this');
    await expect(page.getByText('No recording matches')).toBeVisible();
  },
  'a transcript': async (page) => {
    await page.getByRole('link', { name: /Example/ }).first().click();
    await expect(page.getByRole('feed', { name: 'Transcript' })).toBeVisible();
    await expect(page.locator('au-waveform path').first()).toBeAttached();
  },
  'no such page': async (page) => {
    await page.goto('/nowhere');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  },
};

for (const colorScheme of ['light', 'dark'] as const) {
  for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
    test.describe(`${colorScheme}, ${viewport.width} px wide`, () => {
      test.use({ colorScheme, viewport, contextOptions: { reducedMotion: 'reduce' } });

      test('sign-in has no violation', async ({ page }) => {
        await page.goto('/');
        await expect(page.getByLabel('Email address')).toBeVisible();
        expect(await violations(page)).toEqual([]);
      });

      test('the clinician portal has no violation', async ({ page }) => {
        await page.goto('/');
        await signIn(page);
        for (const [name, open] of Object.entries(clinicianPages)) {
          await page.goto('/recordings');
          await open(page);
          expect.soft(await violations(page), name).toEqual([]);
        }
      });

      test('the admin portal has no violation', async ({ page }) => {
        await page.goto('/');
        await signIn(page, 'admin@demo.auscult.local');
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expect(page.getByText('clinician1@demo.auscult.local')).toBeVisible();
        expect(await violations(page)).toEqual([]);
      });
    });
  }
}

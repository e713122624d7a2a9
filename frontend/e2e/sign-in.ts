import { expect, type Page } from '@playwright/test';

const PASSWORD = process.env['AUSCULT_DEMO_PASSWORD'] ?? '';

/** Signs in where the page asks for it and waits until it shows what was asked for. */
export async function signIn(page: Page, email = 'clinician1@demo.auscult.local'): Promise<void> {
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Email address')).toBeHidden();
}

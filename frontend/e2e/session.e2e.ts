import { expect, test } from '@playwright/test';
import { signIn } from './sign-in';

test('wrong credentials are announced and the password is asked for again', async ({ page }) => {
  await page.goto('/');
  await page.getByLabel('Email address').fill('clinician2@demo.auscult.local');
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('The email address or the password is wrong.');
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
});

test('signing in leads where the person wanted to go, and a reload keeps her signed in', async ({ page }) => {
  await page.goto('/recordings?status=failed');
  await expect(page).toHaveURL(/\/sign-in\?returnTo=/);
  await signIn(page, 'clinician2@demo.auscult.local');
  await expect(page).toHaveURL(/\/recordings\?status=failed$/);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Recordings', level: 1 })).toBeVisible();
});

test('signing out in one tab signs out the other, and signing in signs it in', async ({ page, context }) => {
  await page.goto('/');
  await signIn(page, 'clinician2@demo.auscult.local');
  const other = await context.newPage();
  await other.goto('/');
  await expect(other.getByRole('heading', { name: 'Recordings', level: 1 })).toBeVisible();
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(other.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.goto('/recordings');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  // No form is left in which somebody else could sign in over her.
  await signIn(page, 'clinician2@demo.auscult.local');
  await expect(other.getByRole('heading', { name: 'Recordings', level: 1 })).toBeVisible();
});

test('an admin adds a person, who signs in; a clinician finds no such page', async ({ page }) => {
  await page.goto('/');
  await signIn(page, 'admin@demo.auscult.local');
  await page.getByRole('button', { name: 'Add a person' }).click();
  const email = `person-${Date.now()}@demo.auscult.local`;
  await page.getByLabel('Name', { exact: true }).fill('Newly Added');
  await page.getByLabel('Email address').fill(email);
  const password = await page.getByLabel('First password').inputValue();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText(email)).toBeVisible();

  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('Your first transcript is one drop away')).toBeVisible();
  await page.goto('/people');
  await expect(page.getByText('There is nothing here')).toBeVisible();
});

test('the chosen theme holds from the first paint of the next visit', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('/');
  await signIn(page, 'clinician2@demo.auscult.local');
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  expect(await scheme()).toBe('dark');
  await page.goto('/', { waitUntil: 'commit' });
  await page.waitForSelector('auscult-root', { state: 'attached' });
  expect(await scheme()).toBe('dark');
});

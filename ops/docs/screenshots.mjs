// npm run docs:screenshots: takes every picture of docs/screenshots from the running product, with real speech.
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { loadSample } from '../bench/corpus.mjs';
import { startStack } from '../bench/stack.mjs';
import { writeSpeech } from '../bench/wav.mjs';
import { findChromium } from '../testing/chromium.mjs';

const root = join(import.meta.dirname, '..', '..');
const target = join(root, 'docs', 'screenshots');
const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

async function openPortal(browser, stack, { viewport, colorScheme }) {
  const context = await browser.newContext({ baseURL: stack.url, viewport, colorScheme, reducedMotion: 'reduce', deviceScaleFactor: 1 });
  const page = await context.newPage();
  await page.goto('/');
  const picture = (name) => page.screenshot({ path: join(target, `${name}.png`) });
  return { page, picture, close: () => context.close() };
}

async function signIn(page, stack) {
  await page.getByLabel('Email address').fill(stack.email);
  await page.getByLabel('Password', { exact: true }).fill(stack.password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Recordings' }).waitFor();
}

async function openExample(page) {
  await page.getByRole('link', { name: /Example/ }).first().click();
  await page.locator('au-waveform path').first().waitFor({ state: 'attached' });
  await page.getByText('shop-boy').first().waitFor();
}

async function desktopPictures(browser, stack, speech) {
  const { page, picture, close } = await openPortal(browser, stack, { viewport: desktop, colorScheme: 'light' });
  await page.getByLabel('Email address').waitFor();
  await picture('sign-in');
  await signIn(page, stack);
  await page.locator('input[type=file]').setInputFiles(speech.path);
  await page.getByRole('link', { name: /Second visit/ }).first().click();
  await page.getByText(/really like that account/i).first().waitFor({ timeout: 60_000 });
  await picture('transcribing');
  await page.goto('/recordings');
  await page.getByRole('link', { name: /Second visit/ }).first().waitFor();
  await picture('recordings');
  await openExample(page);
  await picture('transcript');
  await close();
}

async function livePictures(browser, stack) {
  const { page, picture, close } = await openPortal(browser, stack, { viewport: desktop, colorScheme: 'light' });
  await signIn(page, stack);
  await page.getByRole('link', { name: 'New session' }).click();
  await page.getByRole('button', { name: 'Start the session' }).click();
  await page.getByText(/that account of himself/i).first().waitFor({ timeout: 60_000 });
  await page.keyboard.press('m');
  await page.getByText(/the thing I like/i).first().waitFor({ timeout: 60_000 });
  await picture('live');
  await close();
}

async function otherPictures(browser, stack) {
  const dark = await openPortal(browser, stack, { viewport: desktop, colorScheme: 'dark' });
  await signIn(dark.page, stack);
  await openExample(dark.page);
  await dark.picture('transcript-dark');
  await dark.close();
  const small = await openPortal(browser, stack, { viewport: phone, colorScheme: 'light' });
  await signIn(small.page, stack);
  await small.picture('recordings-phone');
  await openExample(small.page);
  await small.picture('transcript-phone');
  await small.close();
}

const folder = await mkdtemp(join(tmpdir(), 'auscult-screenshots-'));
await mkdir(target, { recursive: true });
const stack = await startStack(join(folder, 'data'));
const speech = await writeSpeech(join(folder, 'Second visit.wav'), await loadSample(join(root, 'libs', 'speech', 'samples')), 600);
// The microphone of the live session speaks the same words.
const microphone = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-audio-capture=${speech.path}%noloop`];
const browser = await chromium.launch({ executablePath: findChromium(console.error), args: ['--no-sandbox', ...microphone] });
try {
  await desktopPictures(browser, stack, speech);
  await otherPictures(browser, stack);
  await livePictures(browser, stack);
} finally {
  await browser.close();
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
}

/* global document, requestAnimationFrame */
// npm run docs:screenshots: takes every picture of docs/screenshots from the running product, with real speech.
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { decode, loadSample } from '../bench/corpus.mjs';
import { startStack } from '../bench/stack.mjs';
import { writeSpeech } from '../bench/wav.mjs';
import { findChromium } from '../testing/chromium.mjs';

const root = join(import.meta.dirname, '..', '..');
const target = join(root, 'docs', 'screenshots');
const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };
const callTitle = 'Video call';

/** Nothing fades in or out any more, the change from one page to the next included; what moves for ever is not waited for. */
const settled = (page) =>
  page.evaluate(async () => {
    await document.activeViewTransition?.finished;
    const passing = document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity);
    await Promise.all(passing.map((animation) => animation.finished.catch(() => undefined)));
    // A change of colours and width is on the screen a few frames later.
    for (let frame = 0; frame < 10; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
  });

async function openPortal(browser, stack, { viewport, colorScheme }) {
  const context = await browser.newContext({ baseURL: stack.url, viewport, colorScheme, reducedMotion: 'reduce', deviceScaleFactor: 1, permissions: ['microphone'] });
  const page = await context.newPage();
  await page.goto('/');
  const picture = async (name) => {
    await settled(page);
    await page.screenshot({ path: join(target, `${name}.png`) });
  };
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

/** A tab that plays what the patient says, as that of a video call does. */
async function openCall(page, patient) {
  const address = 'https://call.example/';
  await page.context().route(`${address}**`, (route) =>
    route.request().url().endsWith('.wav')
      ? route.fulfill({ contentType: 'audio/wav', path: patient })
      : route.fulfill({ contentType: 'text/html', body: `<title>${callTitle}</title><audio src="patient.wav" preload="auto"></audio>` }),
  );
  const call = await page.context().newPage();
  await call.goto(address);
  await page.bringToFront();
  return call;
}

/** A call: the microphone is the clinician's, the patient speaks in another tab. */
async function livePictures(browser, stack, patient) {
  const { page, picture, close } = await openPortal(browser, stack, { viewport: desktop, colorScheme: 'light' });
  await signIn(page, stack);
  const call = await openCall(page, patient);
  await page.getByRole('link', { name: 'New session' }).click();
  await page.getByText('Telehealth', { exact: true }).click();
  await picture('live-start');
  await page.getByRole('button', { name: 'Start the session' }).click();
  await page.getByText('On air', { exact: true }).waitFor();
  await call.locator('audio').evaluate((audio) => audio.play());
  await page.getByText(/that account of himself/i).first().waitFor({ timeout: 60_000 });
  await page.keyboard.press('m');
  // The message about it has gone by then.
  await page.getByText(/attempted suicide/i).first().waitFor({ timeout: 60_000 });
  await picture('live');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize(phone);
  await picture('live-phone-dark');
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
  await small.page.getByRole('link', { name: /Example/ }).first().waitFor();
  await small.picture('recordings-phone');
  await openExample(small.page);
  await small.picture('transcript-phone');
  await small.close();
}

/** The browser of a call: its microphone speaks this file, and the person shares the call's tab with its sound. */
const callBrowser = (microphone) => [
  '--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${microphone}%noloop`, `--auto-select-tab-capture-source-by-title=${callTitle}`,
  '--autoplay-policy=no-user-gesture-required',
];

async function withBrowser(args, work) {
  // A muted browser shares tabs without their sound.
  const browser = await chromium.launch({ executablePath: findChromium(console.error), args: ['--no-sandbox', ...args], ignoreDefaultArgs: ['--mute-audio'] });
  try {
    await work(browser);
  } finally {
    await browser.close();
  }
}

const folder = await mkdtemp(join(tmpdir(), 'auscult-screenshots-'));
await mkdir(target, { recursive: true });
const stack = await startStack(join(folder, 'data'));
const samples = join(root, 'libs', 'speech', 'samples');
const speech = await writeSpeech(join(folder, 'Second visit.wav'), await loadSample(samples), 600);
const sides = await decode(join(samples, 'conversation.ogg'));
const [clinician, patient] = await Promise.all(sides.map((side, channel) => writeSpeech(join(folder, `${channel}.wav`), [{ samples: side, words: '' }], 1)));
try {
  await withBrowser([], async (browser) => {
    await desktopPictures(browser, stack, speech);
    await otherPictures(browser, stack);
  });
  await withBrowser(callBrowser(clinician.path), (browser) => livePictures(browser, stack, patient.path));
} finally {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
}

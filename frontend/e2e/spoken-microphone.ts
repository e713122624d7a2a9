// Browser tests run in Node; the portal that they share a project with does not.
/// <reference types="node" />
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base, type Locator, type Page } from '@playwright/test';
import { signIn } from './sign-in';
import { longSession, oneSide } from './speech-files';

const samples = join(import.meta.dirname, '../../libs/speech/samples');
const conversation = JSON.parse(readFileSync(join(samples, 'conversation.json'), 'utf8')) as { turns: { channel: number; words: string; endMs: number }[] };

/** Words as they are compared here: lower case, letters and digits only. */
export const plain = (text: string): string[] => text.toLowerCase().replace(/[^a-z0-9 ]/g, ' ').split(/\s+/).filter(Boolean);

/** The words of the conversation up to so many ms after its beginning, of one side alone where that is given. */
export function spokenBy(ms: number, side?: number): string[] {
  const turns = conversation.turns.filter(({ channel, endMs }) => endMs <= ms && (side === undefined || channel === side));
  return turns.flatMap(({ words }) => plain(words));
}

/** The share of the spoken words that are there. */
export function share(spoken: readonly string[], shown: readonly string[]): number {
  const seen = new Set(shown);
  return spoken.filter((word) => seen.has(word)).length / spoken.length;
}

interface Clinician {
  /** A browser window of its own, signed in, on the list of recordings. */
  open: (options?: { viewport?: { width: number; height: number }; colorScheme?: 'light' | 'dark' }) => Promise<Page>;
}

interface Hearing {
  /** What the microphone hears: the whole conversation, or its first side alone. */
  hears: 'conversation' | 'clinician';
  /** The title of the tab that the person shares in the browser's dialog; null lets the browser share something of its own. */
  sharedTab: string | null;
}

const files = new Map<Hearing['hears'], string>();

/** The path of what the microphone hears, made once. */
function spokenFile(hears: Hearing['hears']): string {
  const made = files.get(hears);
  if (made !== undefined) return made;
  const path = join(tmpdir(), `auscult-microphone-${hears}-${process.pid}.wav`);
  writeFileSync(path, hears === 'clinician' ? oneSide(0) : longSession(120));
  files.set(hears, path);
  return path;
}

/** Without a tab to share the browser answers all its questions itself, with the devices that it makes up. */
function browserArguments(microphone: string, sharedTab: string | null): string[] {
  return [
    '--no-sandbox', '--disable-background-networking', '--autoplay-policy=no-user-gesture-required',
    '--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${microphone}%noloop`,
    sharedTab === null ? '--use-fake-ui-for-media-stream' : `--auto-select-tab-capture-source-by-title=${sharedTab}`,
  ];
}

/** A real Chromium whose microphone speaks a file, from its beginning whenever a page opens it. */
export const test = base.extend<Hearing & { clinician: Clinician }>({
  hears: ['conversation', { option: true }],
  sharedTab: [null, { option: true }],
  clinician: async ({ playwright, hears, sharedTab }, use) => {
    const browser = await playwright.chromium.launch({
      executablePath: process.env['AUSCULT_CHROMIUM'] ?? '/usr/bin/chromium',
      args: browserArguments(spokenFile(hears), sharedTab),
      // A tab that is muted gives no sound to who it is shared with.
      ignoreDefaultArgs: ['--mute-audio'],
    });
    await use({
      open: async ({ viewport = { width: 1280, height: 800 }, colorScheme = 'light' } = {}) => {
        const context = await browser.newContext({ baseURL: process.env['AUSCULT_URL'], viewport, colorScheme, reducedMotion: 'reduce', permissions: ['microphone'] });
        const page = await context.newPage();
        page.on('dialog', (dialog) => void dialog.accept());
        await page.goto('/');
        await signIn(page);
        await expect(page.getByRole('heading', { name: 'Recordings', level: 1 })).toBeVisible();
        return page;
      },
    });
    await browser.close();
  },
});

/** Two presses, and the session is on air. */
export async function goOnAir(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'New session' }).click();
  await page.getByRole('button', { name: 'Start the session' }).click();
  await expect(page.getByText('On air', { exact: true })).toBeVisible();
}

/** The finals of the session that is on air here. */
export function finals(page: Page): Locator {
  // Not what is being said: that is a component of its own among the lines.
  return page.getByRole('log', { name: 'Transcript' }).locator(':scope > .line .text');
}

export async function finish(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Finish', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Finish', exact: true }).click();
  await expect(page).toHaveURL(/\/recordings\/[0-9a-f-]{36}$/, { timeout: 30_000 });
}

/** How long the session is by its own clock, in seconds. */
export async function elapsed(page: Page): Promise<number> {
  const [minutes = '0', seconds = '0'] = ((await page.getByRole('timer').textContent()) ?? '').split(':');
  return Number(minutes) * 60 + Number(seconds);
}

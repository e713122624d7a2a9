import { type BrowserContext, expect, type Page } from '@playwright/test';
import { oneSide } from './speech-files';
import { elapsed, finish, plain, share, spokenBy, test } from './spoken-microphone';

const CALL = 'Video call';

/** The microphone is the clinician's, the patient is heard from the tab of the call alone. */
test.use({ hears: 'clinician', sharedTab: CALL });

/** Each side has had two turns. */
const MS = 31_000;
const said = { Clinician: spokenBy(MS, 0), Patient: spokenBy(MS, 1) };
/** What only this side says at any time: in the other's lines it would be a confusion. */
const ownWords = (side: 0 | 1): string[] => {
  const theirs = new Set(spokenBy(Infinity, side === 0 ? 1 : 0));
  return spokenBy(Infinity, side).filter((word) => !theirs.has(word));
};

/** A tab as a video call has one: its page plays what the patient says. */
async function openCall(context: BrowserContext): Promise<Page> {
  const address = 'https://call.example/';
  const patient = oneSide(1);
  await context.route(`${address}**`, (route) =>
    route.request().url().endsWith('.wav')
      ? route.fulfill({ contentType: 'audio/wav', body: patient })
      : route.fulfill({ contentType: 'text/html', body: `<title>${CALL}</title><h1>${CALL}</h1><audio src="patient.wav" preload="auto"></audio>` }),
  );
  const call = await context.newPage();
  await call.goto(address);
  return call;
}

const patientSpeaks = (call: Page): Promise<void> => call.locator('audio').evaluate((audio: HTMLAudioElement) => audio.play());

/** The words of each speaker as the page shows them: a name stands where a turn begins. */
async function wordsOf(page: Page): Promise<Record<string, string[]>> {
  const lines = await page.getByRole('log', { name: 'Transcript' }).locator(':scope > .line').evaluateAll((found) =>
    found.map((line) => ({ who: line.querySelector('.who')?.textContent ?? null, text: line.querySelector('.text')?.textContent ?? '' })),
  );
  const words: Record<string, string[]> = { Clinician: [], Patient: [] };
  let speaker = '';
  for (const { who, text } of lines) {
    speaker = who?.replace(':', '').trim() ?? speaker;
    words[speaker] = [...(words[speaker] ?? []), ...plain(text)];
  }
  return words;
}

test('a call: the words of the microphone are the clinician’s, those of the shared tab the patient’s', async ({ clinician }) => {
  test.slow();
  const page = await clinician.open();
  let call = await openCall(page.context());
  await page.bringToFront();
  await page.getByRole('link', { name: 'New session' }).click();
  await page.getByText('Telehealth', { exact: true }).click();
  await page.getByRole('button', { name: 'Start the session' }).click();
  await expect(page.getByText('On air', { exact: true })).toBeVisible();
  await patientSpeaks(call);

  const heard = async (who: 'Clinician' | 'Patient'): Promise<number> => share(said[who], (await wordsOf(page))[who] ?? []);
  await expect.poll(() => heard('Clinician'), { timeout: 60_000 }).toBeGreaterThan(0.8);
  await expect.poll(() => heard('Patient'), { timeout: 30_000 }).toBeGreaterThan(0.8);
  const words = await wordsOf(page);
  expect(Object.keys(words)).toEqual(['Clinician', 'Patient']);
  // A word that was misheard may be one of the other's: a sentence of theirs may not.
  expect(share(ownWords(1), words['Clinician']!)).toBeLessThan(0.1);
  expect(share(ownWords(0), words['Patient']!)).toBeLessThan(0.1);

  // The call breaks off and comes back: the session goes on all the while.
  await call.close();
  await expect(page.getByText('The call is no longer shared')).toBeVisible();
  const atTheEnd = await elapsed(page);
  await expect.poll(() => elapsed(page)).toBeGreaterThan(atTheEnd + 1);
  const before = (await wordsOf(page))['Patient']!.length;
  call = await openCall(page.context());
  await page.bringToFront();
  await page.getByRole('button', { name: 'Share again' }).click();
  await expect(page.getByText('The call is no longer shared')).toBeHidden();
  await patientSpeaks(call);
  await expect.poll(async () => (await wordsOf(page))['Patient']!.length, { timeout: 40_000 }).toBeGreaterThan(before + 8);

  await finish(page);
  await expect(page.getByText('The session is over')).toBeHidden({ timeout: 30_000 });
  await expect(page.getByRole('list', { name: 'Speakers' })).toContainText(/Clinician[\s\S]*Patient/);
  await expect(page.getByText('Two channels')).toBeVisible();
});

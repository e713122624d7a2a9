import { expect } from '@playwright/test';
import { heardWord, lines, test, textOf } from './transcript-journey';

test('the marked word follows the sound, and a pressed word moves the sound', async ({ openNew }) => {
  const page = await openNew('Playback');
  const slider = page.getByRole('slider', { name: 'Position in the recording' });
  await expect(page.locator('au-waveform path').first()).toBeAttached();

  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect.poll(() => heardWord(page), { timeout: 20_000 }).not.toBeNull();
  const first = await heardWord(page);
  await expect.poll(() => heardWord(page), { timeout: 20_000 }).not.toBe(first);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();

  const text = textOf(lines(page).first());
  // The last word of the line: far from where the sound stands now.
  const target = await text.evaluate((element) => {
    const node = element.firstChild as Text;
    const from = node.data.lastIndexOf(' ') + 1;
    const range = new Range();
    range.setStart(node, from);
    range.setEnd(node, node.length);
    const { left, top, width, height } = range.getBoundingClientRect();
    return { word: range.toString(), x: left + width / 2, y: top + height / 2 };
  });
  await page.mouse.click(target.x, target.y);
  await expect.poll(() => heardWord(page)).toContain(target.word.replace(/\W+$/, ''));

  await slider.press('Home');
  await expect(slider).toHaveAttribute('aria-valuenow', '0');
  await slider.press('ArrowRight');
  await expect(slider).toHaveAttribute('aria-valuenow', '5');
});

test('a link that has ended is renewed and the sound goes on where it was', async ({ clinician, openNew }) => {
  let links = 0;
  await clinician.context.route('**/api/recordings/*/audio-link', async (route) => {
    links += 1;
    const response = await route.fetch();
    const link = (await response.json()) as { expiresAt: string };
    // As if it ended in a second: a place that is sought later needs a new one.
    await route.fulfill({ response, json: { ...link, expiresAt: new Date(Date.now() + 1_000).toISOString() } });
  });
  const page = await openNew('Link');
  const slider = page.getByRole('slider', { name: 'Position in the recording' });
  await expect.poll(() => links).toBe(1);
  await slider.press('ArrowRight');
  await expect.poll(() => links).toBeGreaterThan(1);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect.poll(async () => Number(await slider.getAttribute('aria-valuenow')), { timeout: 20_000 }).toBeGreaterThan(5);
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await clinician.context.unroute('**/api/recordings/*/audio-link');
});

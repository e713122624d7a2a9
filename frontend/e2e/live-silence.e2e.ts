import { expect, type Page } from '@playwright/test';
import { elapsed, finals, finish, goOnAir, test } from './spoken-microphone';

declare global {
  var sounds: { nodes: { isStopped: boolean }[]; areStopped: boolean };
}

/**
 * Lets a browser's sound stand still as after a phone call: it says that it runs, and gives no frames. `give` lets one that is opened from now on run.
 */
async function stoppableSound(page: Page): Promise<{ stop: (which: 'this' | 'any') => Promise<void>; give: () => Promise<void>; opened: () => Promise<number> }> {
  await page.addInitScript(() => {
    const sounds: typeof globalThis.sounds = { nodes: [], areStopped: false };
    const Real = AudioWorkletNode;
    const Stoppable = class extends Real {
      isStopped = false;
      constructor(...given: ConstructorParameters<typeof Real>) {
        super(...given);
        sounds.nodes.push(this);
        const { port } = this;
        const said = port.addEventListener.bind(port);
        Object.defineProperty(port, 'onmessage', {
          set: (hear: ((event: MessageEvent) => void) | null) => {
            said('message', (event) => !this.isStopped && !sounds.areStopped && hear?.(event));
            port.start();
          },
        });
      }
    };
    Object.assign(globalThis, { AudioWorkletNode: Stoppable, sounds });
  });
  await page.reload();
  return {
    stop: (which) =>
      page.evaluate((all) => {
        const { sounds } = globalThis;
        if (all) sounds.areStopped = true;
        else sounds.nodes.forEach((node) => (node.isStopped = true));
      }, which === 'any'),
    give: () =>
      page.evaluate(() => {
        const { sounds } = globalThis;
        sounds.nodes.forEach((node) => (node.isStopped = true));
        sounds.areStopped = false;
      }),
    opened: () => page.evaluate(() => globalThis.sounds.nodes.length),
  };
}

test('sound that stands still is opened anew, and where that does not help nothing says that it records', async ({ clinician }) => {
  // So small that the first words fill it: what is wrong is told in sight all the same.
  const page = await clinician.open({ viewport: { width: 390, height: 400 } });
  const sound = await stoppableSound(page);
  await goOnAir(page);
  await expect.poll(() => elapsed(page)).toBeGreaterThan(2);

  await sound.stop('this');
  await expect.poll(() => sound.opened(), { timeout: 15_000 }).toBe(2);
  const before = await elapsed(page);
  await expect.poll(() => elapsed(page), { timeout: 15_000 }).toBeGreaterThan(before + 1);
  await expect(page).toHaveTitle(/On air/);

  await expect.poll(() => page.evaluate(() => scrollY), { timeout: 60_000 }).toBeGreaterThan(200);
  await sound.stop('any');
  await expect(page.getByText('No sound comes in')).toBeInViewport({ timeout: 15_000 });
  expect(await page.evaluate(() => scrollY)).toBeGreaterThan(200);
  await expect(page).toHaveTitle(/No sound/);
  await expect(page.getByText('On air', { exact: true })).toBeHidden();
  await sound.give();
  await page.getByRole('button', { name: 'Open the sound anew' }).click();
  await expect(page.getByText('On air', { exact: true })).toBeVisible();
  await expect(page.getByText('No sound comes in')).toBeHidden();
  await expect.poll(() => finals(page).count(), { timeout: 40_000 }).toBeGreaterThan(0);
  await finish(page);
  await expect(page.getByText(/Paused for/).first()).toBeVisible({ timeout: 30_000 });
});

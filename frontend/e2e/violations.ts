import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/**
 * WCAG 2.2 AA, as axe can tell it, plus its best practices.
 * @param without rules that do not hold here: an open menu floats over the page and is part of no landmark (`region`)
 */
export async function violations(page: Page, without: string[] = []): Promise<string[]> {
  // Contrast is only true when nothing fades; what breathes for ever is not waited for. Asked again and again, for the promise of an
  // animation never settles where `content-visibility` skips what it is on.
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState, effect }) => playState !== 'running' || effect?.getComputedTiming().iterations === Infinity),
  );
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  // All in the page itself: the portal has no frames, for whose sake axe would put its answer together in a page of its own, which takes as long again.
  const found = await new AxeBuilder({ page }).setLegacyMode().withTags(tags).disableRules(without).analyze();
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
}

import { expect } from '@playwright/test';
import { lines, secondWindow, test, textOf } from './transcript-journey';

test('a line is corrected where it was pressed, undone, redone, and every state is kept', async ({ openNew }) => {
  const page = await openNew('Correcting');
  const line = lines(page).first();
  const before = (await textOf(line).innerText()).trim();

  await textOf(line).dblclick({ position: { x: 60, y: 12 } });
  const field = line.getByRole('textbox');
  await expect(field).toBeFocused();
  const caret = await field.evaluate((element) => (element as HTMLTextAreaElement).selectionStart);
  expect(caret).toBeGreaterThan(0);
  expect(caret).toBeLessThan(before.length);
  await field.fill('Corrected by hand.');
  await page.keyboard.press('Enter');
  await expect(textOf(line)).toHaveText('Corrected by hand.');
  await expect(line).toBeFocused();

  await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await expect(textOf(line)).toHaveText(before);
  await line.focus();
  await page.keyboard.press('Control+Shift+z');
  await expect(textOf(line)).toHaveText('Corrected by hand.');

  await page.reload();
  await expect(textOf(line)).toHaveText('Corrected by hand.');
  await line.focus();
  await page.keyboard.press('h');
  const dialog = page.getByRole('dialog', { name: /History of the line/ });
  await expect(dialog.getByRole('listitem')).toHaveCount(4);
  await expect(dialog.getByRole('listitem').last()).toContainText('As transcribed');
  await dialog.getByRole('button', { name: 'Restore this' }).last().click();
  await expect(textOf(line)).toHaveText(before);
});

test('Escape gives up, leaving the line saves', async ({ openNew }) => {
  const page = await openNew('Escape');
  const line = lines(page).first();
  const before = (await textOf(line).innerText()).trim();
  await line.focus();
  await page.keyboard.press('e');
  await line.getByRole('textbox').fill('Never saved.');
  await page.keyboard.press('Escape');
  await expect(textOf(line)).toHaveText(before);
  await page.keyboard.press('e');
  await line.getByRole('textbox').fill('Saved by leaving.');
  await page.getByRole('searchbox').click();
  await expect(textOf(line)).toHaveText('Saved by leaving.');
  await page.reload();
  await expect(textOf(line)).toHaveText('Saved by leaving.');
});

test('two windows: the second correction of a line overwrites nothing unasked', async ({ openNew }) => {
  const page = await openNew('Two windows');
  const other = await secondWindow(page);

  // This window does not hear of the other one's correction while it types.
  await lines(page).first().focus();
  await page.keyboard.press('e');
  await lines(page).first().getByRole('textbox').fill('Mine.');
  await lines(other).first().focus();
  await other.keyboard.press('e');
  await lines(other).first().getByRole('textbox').fill('Theirs.');
  await other.keyboard.press('Enter');
  await expect(other.getByText('Text corrected')).toBeVisible();

  await page.keyboard.press('Enter');
  const choice = lines(page).first().getByRole('alert');
  await expect(choice).toContainText('changed elsewhere');
  await expect(choice).toContainText('Mine.');
  await expect(choice).toContainText('Theirs.');
  await choice.getByRole('button', { name: 'Use mine' }).click();
  await expect(textOf(lines(page).first())).toHaveText('Mine.');
  await expect(textOf(lines(other).first())).toHaveText('Mine.');
});

test('a speaker is renamed for all lines, and a line is given to another speaker by a number key', async ({ openNew }) => {
  const page = await openNew('Speakers');
  await page.getByRole('list', { name: 'Speakers' }).getByRole('button').first().click();
  // The name becomes a field with the next frame; a hand is not faster than that, this test is.
  await expect(page.locator('input:focus')).toBeVisible();
  await page.keyboard.type('Dr Lee');
  await page.keyboard.press('Enter');
  await expect(lines(page).first()).toHaveAccessibleName(/^Dr Lee/);

  await lines(page).first().getByRole('button', { name: 'Dr Lee' }).click();
  await page.getByRole('menuitem', { name: 'Somebody else' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Client');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(lines(page).first()).toHaveAccessibleName(/^Client/);

  await lines(page).first().focus();
  await page.keyboard.press('1');
  await expect(lines(page).first()).toHaveAccessibleName(/^Dr Lee/);
  await page.reload();
  await expect(lines(page).first()).toHaveAccessibleName(/^Dr Lee/);
});

import { expect, test, type APIRequestContext, type Locator, type Page } from '@playwright/test';
import { quietAudio } from './quiet-audio';
import { signIn } from './sign-in';

const EMAIL = 'clinician2@demo.auscult.local';

async function accessTo(request: APIRequestContext): Promise<Record<string, string>> {
  const answer = await request.post('/api/auth/sign-in', { data: { email: EMAIL, password: process.env['AUSCULT_DEMO_PASSWORD'] } });
  return { authorization: `Bearer ${((await answer.json()) as { accessToken: string }).accessToken}` };
}

/** Sends recordings without speech and waits until they are through. */
async function recorded(request: APIRequestContext, ...titles: string[]): Promise<void> {
  const headers = await accessTo(request);
  for (const title of titles) {
    const file = { name: 'quiet.wav', mimeType: 'audio/wav', buffer: quietAudio(1) };
    expect((await request.post('/api/recordings', { headers, multipart: { title, file } })).status()).toBe(201);
  }
  const waiting = async () => {
    const page = (await (await request.get('/api/recordings?pageSize=100', { headers })).json()) as { items: { status: string }[] };
    return page.items.filter(({ status }) => status !== 'completed').length;
  };
  await expect.poll(waiting, { timeout: 60_000 }).toBe(0);
}

async function openList(page: Page, address = '/recordings'): Promise<void> {
  await page.goto(address);
  await signIn(page, EMAIL);
  await expect(page.getByRole('heading', { name: 'Recordings', level: 1 })).toBeVisible();
}

const row = (page: Page, title: string): Locator => page.getByRole('listitem').filter({ has: page.getByRole('link', { name: title, exact: true }) });
const titles = (page: Page): Locator => page.locator('auscult-recording-row h3');

test('search and status stand in the address, outlive a reload, and Back undoes them', async ({ page, request }) => {
  await recorded(request, 'Searched intake', 'Searched review');
  await openList(page);
  await page.getByLabel('Search titles').pressSequentially('SEARCHED int');
  await expect(page).toHaveURL(/\?search=SEARCHED(%20|\+)int$/);
  await expect(titles(page)).toHaveText(['Searched intake']);
  await page.reload();
  await expect(page.getByLabel('Search titles')).toHaveValue('SEARCHED int');
  await expect(titles(page)).toHaveText(['Searched intake']);

  await page.getByText('Failed', { exact: true }).click();
  await expect(page).toHaveURL(/status=failed/);
  await expect(page.getByText('No recording matches')).toBeVisible();
  await page.goBack();
  await expect(titles(page)).toHaveText(['Searched intake']);
  await expect(page.getByRole('radio', { name: 'All' })).toBeChecked();

  await page.getByRole('button', { name: 'Clear the search' }).click();
  await expect(row(page, 'Searched review')).toBeVisible();
});

test('a recording is renamed, that is undone, and it is deleted after a question, by keyboard alone', async ({ page, request }) => {
  await recorded(request, 'Keyed visit');
  await openList(page, '/recordings?search=keyed');
  await page.getByRole('button', { name: 'More for Keyed visit' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Title', exact: true })).toBeFocused();
  await page.keyboard.type('Keyed visit, renamed');
  await page.keyboard.press('Enter');
  await expect(row(page, 'Keyed visit, renamed')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).press('Enter');
  await expect(row(page, 'Keyed visit')).toBeVisible();

  await page.getByRole('button', { name: 'More for Keyed visit' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  const question = page.getByRole('alertdialog');
  await expect(question).toContainText('This cannot be undone.');
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'More for Keyed visit' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await question.getByRole('button', { name: 'Delete recording' }).press('Enter');
  await expect(page.getByText('No recording matches')).toBeVisible();
});

test('what happens elsewhere shows without a reload', async ({ page, request }) => {
  await openList(page, '/recordings?search=elsewhere');
  await expect(page.getByText('No recording matches')).toBeVisible();
  await recorded(request, 'Made elsewhere');
  await expect(row(page, 'Made elsewhere')).toContainText('No speech');
  const headers = await accessTo(request);
  const found = (await (await request.get('/api/recordings?search=elsewhere', { headers })).json()) as { items: { id: string }[] };
  await request.patch(`/api/recordings/${found.items[0]?.id}`, { headers, data: { title: 'Named elsewhere' } });
  await expect(row(page, 'Named elsewhere')).toBeVisible();
  await request.delete(`/api/recordings/${found.items[0]?.id}`, { headers });
  await expect(titles(page)).toHaveCount(0);
});

test('what was missed while the connection was down is read when it is back', async ({ page, context, request }) => {
  await openList(page, '/recordings?search=missed');
  await expect(page.getByText('No recording matches')).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByRole('status').filter({ hasText: 'Reconnecting' })).toBeVisible({ timeout: 60_000 });
  await recorded(request, 'Missed visit');
  await context.setOffline(false);
  await expect(row(page, 'Missed visit')).toBeVisible({ timeout: 30_000 });
});

test('what changed before the live channel was up is read when it is', async ({ page, request }) => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  await page.routeWebSocket(/socket\.io/, async (socket) => {
    await opened;
    socket.connectToServer();
  });
  await openList(page, '/recordings?search=early');
  await expect(page.getByText('No recording matches')).toBeVisible();
  await recorded(request, 'Early visit');
  open();
  await expect(row(page, 'Early visit')).toBeVisible();
});

test('several recordings are dropped anywhere on the page; what is none is refused with its reason', async ({ page }) => {
  await openList(page);
  const wav = quietAudio(1).toString('base64');
  const dropped = await page.evaluateHandle((bytes) => {
    const transfer = new DataTransfer();
    const content = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
    for (const name of ['Dropped one.wav', 'Dropped two.wav']) transfer.items.add(new File([content], name, { type: 'audio/wav' }));
    transfer.items.add(new File(['Dear colleague'], 'letter.pdf', { type: 'application/pdf' }));
    transfer.items.add(new File([], 'nothing.wav', { type: 'audio/wav' }));
    return transfer;
  }, wav);
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: dropped });
  await expect(page.getByText('Drop to transcribe')).toBeVisible();
  await page.dispatchEvent('body', 'drop', { dataTransfer: dropped });
  await expect(page.getByText('Drop to transcribe')).toBeHidden();
  await expect(page.getByRole('alert').filter({ hasText: 'letter.pdf was not uploaded. This is not an audio or video file.' })).toBeVisible();
  await expect(page.getByRole('alert').filter({ hasText: 'nothing.wav was not uploaded. The file is empty.' })).toBeVisible();
  await expect(row(page, 'Dropped one')).toContainText('No speech', { timeout: 60_000 });
  await expect(row(page, 'Dropped two')).toContainText('No speech', { timeout: 60_000 });
});

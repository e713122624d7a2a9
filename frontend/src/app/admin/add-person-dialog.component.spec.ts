import { DialogRef } from '@angular/cdk/dialog';
import { TestBed } from '@angular/core/testing';
import { FakeServer, json, problem, settle } from '../../testing/fake-server';
import { userRow } from '../../testing/views';
import { AddPersonDialogComponent } from './add-person-dialog.component';
import { firstPassword } from './passphrase';

describe('AddPersonDialogComponent', () => {
  let server: FakeServer;
  const close = jest.fn();
  beforeEach(() => {
    close.mockReset();
    server = new FakeServer();
    TestBed.configureTestingModule({ providers: [{ provide: DialogRef, useValue: { close } }] });
  });
  afterEach(() => server.restore());

  async function create() {
    const fixture = TestBed.createComponent(AddPersonDialogComponent);
    const root = fixture.nativeElement as HTMLElement;
    document.body.append(root);
    await fixture.whenStable();
    const [name, email, password] = root.querySelectorAll('input');
    const send = async (...values: [string, string]) => {
      [name!, email!].forEach((input, index) => {
        input.value = values[index]!;
        input.dispatchEvent(new Event('input'));
      });
      root.querySelector('form')!.dispatchEvent(new Event('submit', { cancelable: true }));
      await settle();
      await fixture.whenStable();
    };
    return { root, name: name!, email: email!, password: password!, send };
  }

  it('adds the person with a password that was made for her', async () => {
    server.on('POST /api/users', () => json(userRow(), 201));
    const { password, send } = await create();
    await send('Anna Keller ', 'anna@practice.example');
    expect(server.requests[0]!.body).toEqual({ displayName: 'Anna Keller', email: 'anna@practice.example', role: 'clinician', password: password.value });
    expect(close).toHaveBeenCalledWith(userRow());
  });

  it('names what is missing and asks nobody', async () => {
    const { root, name, send } = await create();
    await send('', 'anna');
    expect(document.activeElement).toBe(name);
    expect(root.textContent).toContain('Enter a name.');
    expect(root.textContent).toContain('Enter an email address');
    expect(server.requests).toHaveLength(0);
  });

  it('puts the problems of the server to their fields', async () => {
    server.on('POST /api/users', () => problem('email-taken'));
    const { root, email, send } = await create();
    await send('Anna', 'anna@practice.example');
    expect(document.activeElement).toBe(email);
    expect(root.textContent).toContain('exists already');
    server.on('POST /api/users', () => problem('request-invalid', { issues: [{ path: 'displayName', message: 'Too strange' }] }));
    await send('Anna', 'anna@practice.example');
    expect(root.textContent).toContain('Too strange');
    expect(close).not.toHaveBeenCalled();
  });

  it('says what else went wrong', async () => {
    server.on('POST /api/users', () => problem('unavailable'));
    const { root, send } = await create();
    await send('Anna', 'anna@practice.example');
    expect(root.querySelector('[role=alert]')!.textContent).toContain('not ready');
  });
});

describe('firstPassword', () => {
  it('is long enough, easy to read aloud and never the same', () => {
    const passwords = new Set(Array.from({ length: 200 }, firstPassword));
    expect(passwords.size).toBe(200);
    for (const password of passwords) expect(password).toMatch(/^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/);
  });
});

import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { FakeServer, json, problem, settle } from '../../testing/fake-server';
import { sessionOf, userRow } from '../../testing/views';
import { SignInPageComponent, safePath } from './sign-in-page.component';

describe('SignInPageComponent', () => {
  let server: FakeServer;
  beforeEach(() => {
    localStorage.clear();
    server = new FakeServer();
    TestBed.configureTestingModule({ providers: [provideRouter([])] });
  });
  afterEach(() => server.restore());

  async function create(returnTo?: string) {
    const fixture = TestBed.createComponent(SignInPageComponent);
    fixture.componentRef.setInput('returnTo', returnTo);
    const root = fixture.nativeElement as HTMLElement;
    document.body.append(root);
    await fixture.whenStable();
    const [email, password] = root.querySelectorAll('input');
    const send = async (values: [string, string]) => {
      [email!.value, password!.value] = values;
      root.querySelector('form')!.dispatchEvent(new Event('submit', { cancelable: true }));
      await settle();
      await fixture.whenStable();
    };
    return { fixture, root, email: email!, password: password!, send };
  }

  it('lets password managers fill it in', async () => {
    const { email, password } = await create();
    expect([email.autocomplete, password.autocomplete]).toEqual(['username', 'current-password']);
    expect([email.name, password.name]).toEqual(['email', 'password']);
  });

  it('names what is missing, goes there and asks nobody', async () => {
    const { root, email, send } = await create();
    await send(['anna', '']);
    expect(document.activeElement).toBe(email);
    expect(root.querySelector('[role=alert]')!.textContent).toContain('Enter your email address');
    expect(email.getAttribute('aria-invalid')).toBe('true');
    expect(server.requests).toHaveLength(0);
  });

  it('signs in with what the browser filled in and goes where the person wanted to', async () => {
    server.on('POST /api/auth/sign-in', () => json(sessionOf(userRow())));
    const navigate = jest.spyOn(TestBed.inject(Router), 'navigateByUrl').mockResolvedValue(true);
    const { send } = await create('/recordings/7?t=5');
    await send([' anna@practice.example ', 'secret']);
    expect(server.requests[0]!.body).toEqual({ email: 'anna@practice.example', password: 'secret' });
    expect(navigate).toHaveBeenCalledWith('/recordings/7?t=5');
  });

  it('announces wrong credentials and returns to the password', async () => {
    server.on('POST /api/auth/sign-in', () => problem('credentials-wrong'));
    const { root, password, send } = await create();
    await send(['anna@practice.example', 'wrong']);
    expect(root.querySelector('[role=alert]')!.textContent).toContain('The email address or the password is wrong.');
    expect(document.activeElement).toBe(password);
  });

  it('counts the seconds down after too many attempts and sends nothing meanwhile', async () => {
    server.on('POST /api/auth/sign-in', () => problem('too-many-requests', { retryAfter: 2 }));
    const { fixture, root, send } = await create();
    await send(['anna@practice.example', 'wrong']);
    const button = root.querySelector<HTMLButtonElement>('button[type=submit]')!;
    expect(root.textContent).toContain('Try again in 2 seconds.');
    expect(button.disabled).toBe(true);
    await send(['anna@practice.example', 'wrong']);
    expect(server.requests).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    await fixture.whenStable();
    expect(button.disabled).toBe(false);
    expect(root.textContent).not.toContain('Too many');
  });

  it('shows and hides the password', async () => {
    const { fixture, root, password } = await create();
    const toggle = root.querySelector<HTMLButtonElement>('button[aria-label="Show password"]')!;
    toggle.click();
    await fixture.whenStable();
    expect([password.type, toggle.getAttribute('aria-pressed')]).toEqual(['text', 'true']);
    toggle.click();
    await fixture.whenStable();
    expect(password.type).toBe('password');
  });
});

describe('safePath', () => {
  it.each([
    ['/recordings?page=2', '/recordings?page=2'],
    ['https://elsewhere.example', '/'],
    ['//elsewhere.example', '/'],
    ['/\\elsewhere.example', '/'],
    ['javascript:alert(1)', '/'],
    [undefined, '/'],
  ])('leads %s to %s', (path, target) => expect(safePath(path)).toBe(target));
});

import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { Dialogs } from '@auscult/ui';
import { FakeServer, json, problem, settle } from '../../testing/fake-server';
import { userRow } from '../../testing/views';
import { PeoplePageComponent } from './people-page.component';

describe('PeoplePageComponent', () => {
  let server: FakeServer;
  const dialogs = { open: jest.fn() };
  const page = (...names: string[]) => json({ items: names.map((displayName, index) => userRow('clinician', { id: String(index), displayName })), total: names.length, page: 1, pageSize: 25 });
  beforeEach(() => {
    server = new FakeServer();
    TestBed.configureTestingModule({ providers: [provideRouter([]), { provide: Dialogs, useValue: dialogs }] });
  });
  afterEach(() => server.restore());

  async function create() {
    const fixture = TestBed.createComponent(PeoplePageComponent);
    await settle();
    await fixture.whenStable();
    const root = fixture.nativeElement as HTMLElement;
    const press = async (label: string) => {
      [...root.querySelectorAll('button')].find((one) => one.textContent.includes(label))!.click();
      await settle();
      await fixture.whenStable();
    };
    const names = () => [...root.querySelectorAll('li h2')].map((one) => one.textContent);
    return { root, press, names };
  }

  it('lists people and shows a new one', async () => {
    server.on('GET /api/users', () => page('Anna'));
    dialogs.open.mockResolvedValue(userRow('clinician', { displayName: 'Jonas' }));
    const { press, names } = await create();
    expect(names()).toEqual(['Anna']);
    server.on('GET /api/users', () => page('Anna', 'Jonas'));
    await press('Add a person');
    expect(names()).toEqual(['Anna', 'Jonas']);
  });

  it('reads nothing anew when the dialog was dismissed', async () => {
    server.on('GET /api/users', () => page('Anna'));
    dialogs.open.mockResolvedValue(undefined);
    const { press } = await create();
    await press('Add a person');
    expect(server.count('GET /api/users')).toBe(1);
  });

  it('says why it failed and tries again', async () => {
    server.on('GET /api/users', () => problem('unavailable'));
    const { root, press, names } = await create();
    expect(root.querySelector('[role=alert]')!.textContent).toContain('not ready');
    server.on('GET /api/users', () => page('Anna'));
    await press('Try again');
    expect(names()).toEqual(['Anna']);
  });
});

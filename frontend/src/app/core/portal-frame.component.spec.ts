import { ChangeDetectionStrategy, Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { Dialogs, Toasts } from '@auscult/ui';
import { problems, type UserView } from '@auscult/contracts';
import { settle } from '../../testing/fake-server';
import { userRow } from '../../testing/views';
import { Connection } from './connection';
import { PortalFrameComponent } from './portal-frame.component';
import { Session } from './session';

@Component({ template: '', changeDetection: ChangeDetectionStrategy.OnPush })
class EmptyPageComponent {}

describe('PortalFrameComponent', () => {
  const user = signal<UserView | null>(null);

  beforeEach(() => {
    user.set(userRow());
    TestBed.configureTestingModule({
      providers: [
        provideRouter([
          { path: 'sign-in', component: EmptyPageComponent },
          { path: '', component: PortalFrameComponent, children: [{ path: 'recordings', component: EmptyPageComponent }] },
        ]),
        { provide: Session, useValue: { user } },
        { provide: Connection, useValue: { interrupted: signal(false) } },
      ],
    });
  });
  afterEach(() => document.querySelectorAll('.cdk-overlay-container').forEach((container) => container.replaceChildren()));

  it('takes what lies above the page away when the session ends, wherever it was ended, but not why', async () => {
    const harness = await RouterTestingHarness.create('/recordings');
    const [dialogs, toasts] = [TestBed.inject(Dialogs), TestBed.inject(Toasts)];
    const asked = dialogs.confirm({ title: 'Delete this recording?', text: 'The transcript of “Mrs Keller, knee” is destroyed.', confirmLabel: 'Delete' });
    toasts.show('“Mrs Keller, knee” was renamed');
    await harness.fixture.whenStable();
    expect(document.querySelector('[role=dialog]')).not.toBeNull();
    user.set(null);
    // A request that was under way.
    toasts.show(problems['session-ended'].title, { tone: 'danger' });
    await settle();
    await harness.fixture.whenStable();
    expect(TestBed.inject(Router).url).toBe('/sign-in?returnTo=%2Frecordings');
    expect(document.querySelector('[role=dialog]')).toBeNull();
    await expect(asked).resolves.toBe(false);
    expect(toasts.shown().map(({ text }) => text)).toEqual([problems['session-ended'].title]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { Role } from '@auscult/contracts';
import { AccessGuard, Public, RequirePermission } from './index.js';

class Events {
  forgotten(): boolean {
    return true;
  }

  @Public()
  open(): boolean {
    return true;
  }

  @RequirePermission('recordings:read')
  forClinicians(): boolean {
    return true;
  }
}

/** A socket event: its socket was authenticated before, so the guard asks passport nothing. */
function ask(name: keyof Events, role?: Role): Promise<boolean> {
  const handler = Events.prototype[name];
  const socket = { data: role ? { user: { id: 'a', role, practiceId: 'b', sessionId: 'c' } } : {} };
  const context = new ExecutionContextHost([socket], Events, handler);
  context.setType('ws');
  return new AccessGuard(new Reflector()).canActivate(context);
}

describe('the access guard', () => {
  it('refuses everybody where nothing was declared', async () => {
    await expect(ask('forgotten', 'clinician')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(ask('forgotten', 'admin')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(ask('forgotten')).rejects.toMatchObject({ code: 'sign-in-required' });
  });

  it('lets in the roles that hold the permission, and nobody else', async () => {
    expect(await ask('forClinicians', 'clinician')).toBe(true);
    await expect(ask('forClinicians', 'admin')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(ask('forClinicians')).rejects.toMatchObject({ code: 'sign-in-required' });
  });

  it('lets everybody in where that was declared', async () => {
    expect(await ask('open')).toBe(true);
  });
});

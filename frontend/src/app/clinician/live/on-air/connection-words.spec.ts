import type { LiveSendState } from '@auscult/client';
import { connectionWords } from './connection-words';

const state = (given: Partial<LiveSendState>): LiveSendState => ({ phase: 'sending', received: 100, stored: 90, kept: 10, unsent: 0, paused: false, forgetting: 0, unforgotten: 0, problem: null, ...given });

describe('connectionWords', () => {
  it('says where the sound is', () => {
    expect(connectionWords(state({})).text).toBe('Up to date');
    expect(connectionWords(state({ phase: 'catching-up', unsent: 118 })).text).toBe('12 s kept on this device, sending');
    expect(connectionWords(state({ phase: 'offline', unsent: 5 })).text).toBe('No network: everything is kept on this device');
    expect(connectionWords(state({ phase: 'offline', unsent: 3_000 })).text).toBe('No network: everything is kept on this device (5 min)');
    const busy = { code: 'unavailable', message: 'The service is not ready; try again shortly' } as const;
    expect(connectionWords(state({ phase: 'offline', unsent: 300, problem: busy })).text).toBe('The server takes nothing just now: everything is kept on this device (30 s)');
    expect(connectionWords(state({ phase: 'offline', problem: { code: 'spool-failed', message: 'Full' } })).text).toMatch(/^No network/);
    expect(connectionWords(state({ phase: 'finishing', unsent: 30 })).text).toBe('3 s kept on this device, sending');
    expect(connectionWords(state({ phase: 'finishing' })).text).toBe('Writing the last words');
    const refused = (code: 'live-ended' | 'request-invalid') => connectionWords(state({ phase: 'refused', problem: { code, message: 'No' } })).text;
    expect([refused('live-ended'), refused('request-invalid')]).toEqual(['The session is over', 'The server does not take this session']);
  });

  it('tells a screen reader what is new and not every second', () => {
    const [before, after] = [10, 20].map((unsent) => connectionWords(state({ phase: 'offline', unsent })));
    expect(before?.text).not.toBe(after?.text);
    expect(before?.spoken).toBe(after?.spoken);
  });
});

import { describe, expect, it } from '@jest/globals';
import {
  CorrectSegmentBody, CreateUserBody, IdParams, RecordingQuery, SignInBody, jobNames, jobs, permissions, problemCodes, problems, queueNames,
  rolePermissions, serverEvents, clientEvents,
} from './index.js';

describe('problems', () => {
  it('have an error status and a title each', () => {
    for (const code of problemCodes) {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(problems[code].status).toBeGreaterThanOrEqual(400);
      expect(problems[code].title.length).toBeGreaterThan(10);
    }
  });
});

describe('permissions', () => {
  it('are each held by some role', () => {
    const held = new Set(Object.values(rolePermissions).flat());
    expect([...held].sort()).toEqual([...permissions].sort());
  });

  it('keep an admin out of what was said', () => {
    expect(rolePermissions.admin.some((permission) => permission.startsWith('recordings:'))).toBe(false);
  });
});

describe('an identifier', () => {
  it('is the same in capitals', () => {
    expect(IdParams.parse({ id: 'A4E1B2C3-0D5F-4A6B-8C7D-9E0F1A2B3C4D' })).toEqual({ id: 'a4e1b2c3-0d5f-4a6b-8c7d-9e0f1a2b3c4d' });
    expect(IdParams.safeParse({ id: 'A4E1B2C3' }).success).toBe(false);
  });
});

describe('jobs', () => {
  it('carry identifiers only', () => {
    for (const name of jobNames) {
      for (const key of Object.keys(jobs[name].payload.shape)) expect(key).toMatch(/Id$/);
      expect(queueNames).toContain(jobs[name].queue);
    }
  });

  it('refuse a payload that is not an identifier', () => {
    expect(jobs['transcribe-recording'].payload.safeParse({ recordingId: 'my session with Ann' }).success).toBe(false);
  });
});

describe('events', () => {
  it('are named noun:fact and noun:verb', () => {
    for (const name of [...Object.keys(serverEvents), ...Object.keys(clientEvents)]) expect(name).toMatch(/^[a-z]+:[a-z]+$/);
  });
});

describe('bodies', () => {
  it('fold an email address to one form', () => {
    expect(SignInBody.parse({ email: '  Ann@Example.ORG ', password: 'x' }).email).toBe('ann@example.org');
  });

  it('refuse a short password', () => {
    const body = { email: 'ann@example.org', displayName: 'Ann', role: 'clinician', password: 'short' };
    expect(CreateUserBody.safeParse(body).success).toBe(false);
  });

  it('read a list query from text and fill in defaults', () => {
    expect(RecordingQuery.parse({ page: '2' })).toEqual({ page: 2, pageSize: 25 });
    expect(RecordingQuery.safeParse({ page: '0' }).success).toBe(false);
  });

  it('want a correction to change something', () => {
    expect(CorrectSegmentBody.safeParse({ expectedRevision: 0 }).success).toBe(false);
    expect(CorrectSegmentBody.safeParse({ expectedRevision: 0, text: '' }).success).toBe(true);
  });
});

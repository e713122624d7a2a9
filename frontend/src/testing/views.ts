import type { RecordingView, Role, SessionView, UserView } from '@auscult/contracts';

/** Rows for specs: complete, plain, different where it matters. */
export function recordingRow(change: Partial<RecordingView> = {}): RecordingView {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    title: 'First interview',
    status: 'completed',
    mediaType: 'audio/wav',
    sizeBytes: 1000,
    durationMs: 60_000,
    channelCount: 1,
    transcribedMs: 60_000,
    progress: 1,
    wordCount: 120,
    failure: null,
    notices: [],
    live: null,
    secondPass: null,
    createdAt: '2026-11-22T10:00:00.000Z',
    startedAt: null,
    completedAt: null,
    ...change,
  };
}

export function userRow(role: Role = 'clinician', change: Partial<UserView> = {}): UserView {
  return {
    id: '11111111-1111-4111-8111-111111111111',
    email: 'anna@practice.example',
    displayName: 'Anna Keller',
    role,
    practiceName: 'Linden Street',
    createdAt: '2026-01-01T08:00:00.000Z',
    ...change,
  };
}

let issued = 0;

/** A session whose token says that it lives `seconds`; each one is different. */
export function sessionOf(user: UserView, seconds = 900): SessionView {
  const claims = { sub: user.id, iat: 1_000_000, exp: 1_000_000 + seconds, serial: ++issued };
  return { accessToken: `head.${btoa(JSON.stringify(claims))}.sign`, expiresAt: new Date(Date.now() + seconds * 1000).toISOString(), user };
}

// Apart from the schema, because the portal shows these words and its first load does without zod.

/**
 * Every error that the API can answer with: stable code, HTTP status and a title for people.
 * Clients decide by `code`; `title` may change its words.
 */
export const problems = {
  'request-invalid': { status: 400, title: 'The request is not valid' },
  'protocol-unsupported': { status: 400, title: 'This server speaks another version of the live protocol; update the client' },
  'sign-in-required': { status: 401, title: 'Sign in to continue' },
  'credentials-wrong': { status: 401, title: 'The email address or the password is wrong' },
  'session-ended': { status: 401, title: 'The session has ended; sign in again' },
  'forbidden': { status: 403, title: 'Your role does not allow this' },
  'not-found': { status: 404, title: 'There is nothing here, or it is not yours' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method' },
  'conflict': { status: 409, title: 'This was changed in the meantime; load it again' },
  'recording-state': { status: 409, title: 'The recording is not in a state that allows this' },
  'email-taken': { status: 409, title: 'Somebody with this email address exists already' },
  'live-replaced': { status: 409, title: 'Another window or device has taken this session over' },
  'live-ended': { status: 409, title: 'The session has ended; nothing more can be added' },
  'link-expired': { status: 410, title: 'The link has expired; ask for a new one' },
  'upload-too-large': { status: 413, title: 'The file is larger than this server accepts' },
  'media-type-unsupported': { status: 415, title: 'This content type is not accepted here' },
  'range-invalid': { status: 416, title: 'The requested range is outside the file' },
  'upload-empty': { status: 422, title: 'The file is empty' },
  'audio-unreadable': { status: 422, title: 'The file holds no audio that can be read' },
  'too-many-requests': { status: 429, title: 'Too many requests; wait a moment and try again' },
  'storage-full': { status: 507, title: 'The server has no room left for audio' },
  'unavailable': { status: 503, title: 'The service is not ready; try again shortly' },
  'internal': { status: 500, title: 'Something went wrong on the server' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

/** Codes for answers that have nothing but a status: a framework's, a parser's, a proxy's. */
const codeOfStatus: Record<number, ProblemCode> = {
  401: 'sign-in-required',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  409: 'conflict',
  410: 'link-expired',
  413: 'upload-too-large',
  415: 'media-type-unsupported',
  416: 'range-invalid',
  429: 'too-many-requests',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
  507: 'storage-full',
};

/** The code for a bare HTTP status; any other 4xx is the caller's fault and the rest is the server's. */
export function problemCodeOfStatus(status: number): ProblemCode {
  return codeOfStatus[status] ?? (status >= 400 && status < 500 ? 'request-invalid' : 'internal');
}

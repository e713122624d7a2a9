import { Inject, Injectable } from '@nestjs/common';
import { ERRORS, Server } from '@tus/server';
import type { Request, Response } from 'express';
import { NodeRequest } from 'srvx/node';
import { APP_CONFIG, type AppConfig } from '../../../platform/config/index.js';
import { ProblemError } from '../../../platform/http/index.js';
import { isObjectId } from '../object-store.js';
import { problemOf } from '../storage-problems.js';
import { UploadLeases } from '../upload-lease.js';
import { Uploads } from '../uploads.js';
import { TusUploadSession, parseUploadMetadata } from './tus-upload-session.js';

/** Once somebody else wants the upload, its present connection, which is most often dead, has this long to finish. */
const DRAIN_MS = 50;

/** Speaks tus 1.0.0 by @tus/server; its refusals become this API's problems. */
@Injectable()
export class TusEndpoint {
  constructor(
    private readonly uploads: Uploads,
    private readonly leases: UploadLeases,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** Answers the request, or rejects with the problem to answer; `ownerId` is the person who sent it. */
  async answer(request: Request, response: Response, ownerId: string): Promise<void> {
    const session = new TusUploadSession(this.uploads, this.leases, ownerId, request);
    let failure: unknown = null;
    const server = this.serverFor(session, (error) => {
      failure = error;
    });
    const asked = new NodeRequest({ req: request, res: response });
    // The session reads the body; touching it here would begin to drain it into a web stream.
    Object.defineProperty(asked, 'body', { value: null });
    const answer = await server.handleWeb(asked);
    for (const [name, value] of answer.headers) if (!/^(content-|access-control-)/.test(name)) response.setHeader(name, value);
    if (answer.status >= 400) throw refusal(answer.status, await answer.text(), problemOf(session.failure ?? failure));
    response.status(answer.status).end();
  }

  private serverFor(session: TusUploadSession, onError: (error: unknown) => void): Server {
    return new Server({
      path: '/api/uploads',
      relativeLocation: true,
      datastore: session,
      locker: session,
      lockDrainTimeout: DRAIN_MS,
      maxSize: this.config.maxUploadBytes,
      disableTerminationForFinishedUploads: true,
      allowedOrigins: [],
      namingFunction: () => session.newId,
      getFileIdFromRequest: (_request, last) => (last && isObjectId(last) ? last : undefined),
      onUploadCreate: async (_request, upload) => {
        if (upload.size === 0) throw new ProblemError('upload-empty');
        const { filename, filetype, title } = parseUploadMetadata(upload.metadata);
        return { metadata: { filename: filename ?? null, filetype: filetype ?? null, title: title ?? null } };
      },
      onResponseError: (_request, error) => {
        onError(error);
        return undefined;
      },
    });
  }
}

/** `known` is what storage threw, or the library's own refusal, which carries a status and a text. */
function refusal(status: number, text: string, known: unknown): unknown {
  if (known instanceof ProblemError) return known;
  if (known === ERRORS.ERR_MAX_SIZE_EXCEEDED) return new ProblemError('upload-too-large');
  if (known === ERRORS.INVALID_TERMINATION) return new ProblemError('recording-state', 'The upload is complete; delete the recording instead.');
  if (status === 404 || status === 410) return new ProblemError('not-found');
  if (status === 409) return new ProblemError('conflict', 'The upload continues at another offset.');
  if (status < 500 || status === 501) return new ProblemError('request-invalid', text.trim());
  return known ?? new Error('The upload failed');
}

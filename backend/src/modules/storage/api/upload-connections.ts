import type { Server } from 'node:http';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Request } from 'express';

/** A connection that brings no byte for so long is dead or idle; the upload resumes on another one. */
const SILENCE_MS = 60_000;

/** Lets uploads take as long as they need, as long as they move. */
@Injectable()
export class UploadConnections implements OnApplicationBootstrap {
  constructor(private readonly host: HttpAdapterHost) {}

  /**
   * Node ends every request that has not arrived after five minutes (`server.requestTimeout`), and a long session over a slow
   * line takes longer. The limit for headers (`headersTimeout`, a minute) stays.
   */
  onApplicationBootstrap(): void {
    (this.host.httpAdapter.getHttpServer() as Server).requestTimeout = 0;
  }

  watch(request: Request): void {
    request.setTimeout(SILENCE_MS, () => request.destroy());
  }
}

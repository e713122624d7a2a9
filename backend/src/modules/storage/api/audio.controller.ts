import { pipeline } from 'node:stream/promises';
import { Controller, Get, Head, Headers, Logger, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Public } from '../../../platform/access/index.js';
import { AnswersContent, AnswersProblem, ProblemError } from '../../../platform/http/index.js';
import { type AudioLink, AudioLinks } from '../audio-links.js';
import type { ByteRange } from '../object-store.js';
import { StorageMetrics } from '../storage.metrics.js';
import { problemOf } from '../storage-problems.js';
import { parseByteRange } from './byte-range.js';
import { contentDisposition } from './content-disposition.js';
import { LinkedAudio, type LinkedSound } from './linked-audio.js';

/** Plays and saves audio for whoever holds a signed link; the link is the permission. */
@Controller('audio')
export class AudioController {
  private readonly logger = new Logger('AudioController');

  constructor(
    private readonly links: AudioLinks,
    private readonly sounds: LinkedAudio,
    private readonly metrics: StorageMetrics,
  ) {}

  @Head(':token')
  @Public()
  async head(@Param('token') token: string, @Headers('range') range: string | undefined, @Req() request: Request, @Res() response: Response): Promise<void> {
    const { link, sound } = await this.find(token);
    this.writeHead(response, link, sound, this.chooseRange(request, response, range, sound));
    response.end();
  }

  /** Answers Range requests; the whole file without one. */
  @Get(':token')
  @Public()
  @AnswersContent(200, ['audio/*', 'application/octet-stream'], 'The audio; 206 for a range of it')
  @AnswersProblem('not-found', 'link-expired', 'range-invalid')
  async play(@Param('token') token: string, @Headers('range') range: string | undefined, @Req() request: Request, @Res() response: Response): Promise<void> {
    const { link, sound } = await this.find(token);
    const part = this.chooseRange(request, response, range, sound);
    const source = await sound.read(part ?? undefined).catch((error: unknown) => {
      throw problemOf(error);
    });
    this.writeHead(response, link, sound, part);
    try {
      await pipeline(source, response);
      this.metrics.servedBytes.inc(part ? part.end - part.start + 1 : sound.sizeBytes);
    } catch (error) {
      // The head is out: a broken connection tells the player that the rest is missing. Leaving early is what players do.
      response.destroy();
      if (!isLeaving(error)) this.logger.error({ objectId: link.id, reason: error instanceof Error ? error.name : 'unknown' }, 'Audio could not be read to its end');
    }
  }

  private async find(token: string): Promise<{ link: AudioLink; sound: LinkedSound }> {
    const link = this.links.open(token);
    const sound = await this.sounds.find(link);
    if (!sound) throw new ProblemError('not-found');
    return { link, sound };
  }

  private chooseRange(request: Request, response: Response, header: string | undefined, { etag, sizeBytes }: LinkedSound): ByteRange | null {
    // If-Range with anything but the sound's own validator asks for the whole (RFC 9110, 13.1.5).
    const condition = request.headers['if-range'];
    const range = condition !== undefined && condition !== etag ? 'whole' : parseByteRange(header, sizeBytes);
    if (range === 'unsatisfiable') {
      response.setHeader('Content-Range', `bytes */${sizeBytes}`);
      throw new ProblemError('range-invalid');
    }
    return range === 'whole' ? null : range;
  }

  private writeHead(response: Response, link: AudioLink, { etag, sizeBytes }: LinkedSound, part: ByteRange | null): void {
    response.status(part ? 206 : 200);
    if (part) response.setHeader('Content-Range', `bytes ${part.start}-${part.end}/${sizeBytes}`);
    response.setHeader('Content-Length', part ? part.end - part.start + 1 : sizeBytes);
    response.setHeader('Content-Type', link.mediaType);
    response.setHeader('Content-Disposition', contentDisposition(link.disposition, link.fileName));
    response.setHeader('Accept-Ranges', 'bytes');
    response.setHeader('ETag', etag);
    response.setHeader('Cache-Control', 'private, no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'no-referrer');
    // A file that pretends to be audio must not run as a page of this origin.
    response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  }
}

function isLeaving(error: unknown): boolean {
  return ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '');
}

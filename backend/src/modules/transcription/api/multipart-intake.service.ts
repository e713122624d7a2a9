import { RecordingTitle } from '@auscult/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import multer, { type StorageEngine } from 'multer';
import { APP_CONFIG, type AppConfig } from '../../../platform/config/index.js';
import { ProblemError } from '../../../platform/http/index.js';
import { Uploads } from '../../storage/index.js';
import type { Recording } from '../recording.entity.js';
import { RecordingRemoval } from '../recording-removal.service.js';
import { RecordingsService } from '../recordings.service.js';

/** What multipart itself adds to a file: boundaries, headers and the title. */
const MULTIPART_OVERHEAD_BYTES = 64 * 1024;
const limits = { files: 1, fields: 5, parts: 6, fieldSize: 4096, fieldNameSize: 100, headerPairs: 20 };

/** What became of one request's file; multer passes errors on, but not always the one that came first. */
interface Received {
  /** Ends once the file was taken in, or once nothing is left of it. Never rejects. */
  taken?: Promise<void>;
  id?: string;
  title?: string;
  error?: Error;
}

/** Takes a recording in by one multipart request (fields `file` and, optionally, `title`), streamed into storage as it comes. */
@Injectable()
export class MultipartIntake {
  constructor(
    private readonly uploads: Uploads,
    private readonly recordings: RecordingsService,
    private readonly removal: RecordingRemoval,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** @throws ProblemError and leaves nothing behind then */
  async receive(ownerId: string, request: Request, response: Response): Promise<Recording> {
    this.refuseEarly(request, response);
    const received = await this.parse(ownerId, request, response);
    if (!received.id) throw invalid('file', 'Give the recording in the field file');
    try {
      const title = titleOf(request);
      // The title may stand behind the file in the form.
      if (title !== undefined && title !== received.title) return await this.recordings.rename(ownerId, received.id, title);
    } catch (error) {
      await this.removal.remove(ownerId, received.id);
      throw error;
    }
    return this.recordings.find(ownerId, received.id);
  }

  /** What can be known without reading on; the connection is closed, so that nobody sends gigabytes for nothing. */
  private refuseEarly(request: Request, response: Response): void {
    if (!request.is('multipart/form-data')) throw new ProblemError('media-type-unsupported', 'Send multipart/form-data.');
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced <= this.config.maxUploadBytes + MULTIPART_OVERHEAD_BYTES) return;
    response.setHeader('Connection', 'close');
    throw new ProblemError('upload-too-large');
  }

  private async parse(ownerId: string, request: Request, response: Response): Promise<Received> {
    const received: Received = {};
    const storage = this.storageFor(ownerId, received);
    const middleware = multer({ storage, limits, defParamCharset: 'utf8' }).single('file');
    const error = await new Promise<unknown>((resolve) => middleware(request, response, resolve));
    // Multer goes on as soon as the file's stream fails, while what came of it is still being destroyed.
    await received.taken;
    if (received.error) throw received.error;
    if (!error) return received;
    if (received.id) await this.removal.remove(ownerId, received.id);
    throw error instanceof ProblemError ? error : new ProblemError('request-invalid', 'The multipart body cannot be read.');
  }

  private storageFor(ownerId: string, received: Received): StorageEngine {
    return {
      _handleFile: (request, file, done) => {
        received.taken = this.store(ownerId, request, file, received).then(
          () => done(null, {}),
          (error: unknown) => {
            received.error = error instanceof Error ? error : new Error('The upload failed');
            done(error);
          },
        );
      },
      _removeFile: (_request, _file, done) => done(null),
    };
  }

  private async store(ownerId: string, request: Request, file: Express.Multer.File, received: Received): Promise<void> {
    const title = titleOf(request);
    const { originalname: fileName, mimetype: mediaType, stream: source } = file;
    const { id } = await this.uploads.receive({ ownerId, fileName, title: title ?? null, mediaType, source });
    received.id = id;
    received.title = title;
  }
}

function titleOf(request: Request): string | undefined {
  const { title } = request.body as { title?: unknown };
  if (title === undefined || title === '') return undefined;
  const parsed = RecordingTitle.safeParse(title);
  if (!parsed.success) throw invalid('title', parsed.error.issues[0]?.message ?? 'Not a title');
  return parsed.data;
}

function invalid(path: string, message: string): ProblemError {
  return new ProblemError('request-invalid', undefined, [{ path, message }]);
}

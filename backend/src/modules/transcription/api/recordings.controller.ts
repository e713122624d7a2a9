import {
  AudioLinkBody, AudioLinkView, IdParams, RecordingPage, RecordingQuery, RecordingView, UpdateRecordingBody, UploadLimitsView, WaveformView,
  acceptedExtensions,
} from '@auscult/contracts';
import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { type AuthenticatedUser, CurrentUser, RequirePermission } from '../../../platform/access/index.js';
import { APP_CONFIG, type AppConfig } from '../../../platform/config/index.js';
import { Answers, AnswersProblem } from '../../../platform/http/index.js';
import { RecordingRemoval } from '../recording-removal.service.js';
import { RecordingsService } from '../recordings.service.js';
import { recordingView } from '../views.js';
import { MultipartIntake } from './multipart-intake.service.js';

const multipartBody = {
  schema: {
    type: 'object',
    required: ['file'],
    properties: { title: { type: 'string', maxLength: 200 }, file: { type: 'string', format: 'binary' } },
  },
};

@Controller('recordings')
@ApiTags('Recordings')
@RequirePermission('recordings:read')
export class RecordingsController {
  constructor(
    private readonly recordings: RecordingsService,
    private readonly intake: MultipartIntake,
    private readonly removal: RecordingRemoval,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Your recordings, newest first' })
  @Answers(200, RecordingPage)
  async list(@CurrentUser() user: AuthenticatedUser, @Query({ schema: RecordingQuery }) query: RecordingQuery): Promise<RecordingPage> {
    const page = await this.recordings.page(user.id, query);
    return { ...page, items: page.items.map(recordingView) };
  }

  @Get('limits')
  @ApiOperation({ summary: 'What this server accepts' })
  @Answers(200, UploadLimitsView)
  limits(): UploadLimitsView {
    return { maxUploadBytes: this.config.maxUploadBytes, acceptedExtensions: [...acceptedExtensions] };
  }

  /** For scripts; a page uploads resumably, by the tus protocol at /api/uploads. */
  @Post()
  @ApiOperation({ summary: 'Upload a recording in one piece' })
  @ApiConsumes('multipart/form-data')
  @ApiBody(multipartBody)
  @RequirePermission('recordings:write')
  @Answers(201, RecordingView)
  @AnswersProblem('upload-too-large', 'media-type-unsupported', 'upload-empty', 'audio-unreadable', 'storage-full')
  async upload(
    @CurrentUser() user: AuthenticatedUser, @Req() request: Request, @Res({ passthrough: true }) response: Response,
  ): Promise<RecordingView> {
    return recordingView(await this.intake.receive(user.id, request, response));
  }

  @Get(':id')
  @ApiOperation({ summary: 'One recording' })
  @Answers(200, RecordingView)
  @AnswersProblem('not-found')
  async get(@CurrentUser() user: AuthenticatedUser, @Param({ schema: IdParams }) { id }: IdParams): Promise<RecordingView> {
    return recordingView(await this.recordings.find(user.id, id));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Rename a recording' })
  @RequirePermission('recordings:write')
  @Answers(200, RecordingView)
  @AnswersProblem('not-found')
  async update(
    @CurrentUser() user: AuthenticatedUser, @Param({ schema: IdParams }) { id }: IdParams,
    @Body({ schema: UpdateRecordingBody }) { title }: UpdateRecordingBody,
  ): Promise<RecordingView> {
    return recordingView(await this.recordings.rename(user.id, id, title));
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Delete a recording with its audio and transcript, for good' })
  @RequirePermission('recordings:write')
  @Answers(204)
  @AnswersProblem('not-found')
  async remove(@CurrentUser() user: AuthenticatedUser, @Param({ schema: IdParams }) { id }: IdParams): Promise<void> {
    await this.removal.remove(user.id, id);
  }

  @Post(':id/cancel')
  @ApiOperation({ summary: 'Stop waiting or transcribing; what is written stays' })
  @RequirePermission('recordings:write')
  @Answers(200, RecordingView)
  @AnswersProblem('not-found', 'recording-state')
  async cancel(@CurrentUser() user: AuthenticatedUser, @Param({ schema: IdParams }) { id }: IdParams): Promise<RecordingView> {
    return recordingView(await this.recordings.cancel(user.id, id));
  }

  @Post(':id/retry')
  @ApiOperation({
    summary: 'Transcribe again',
    description: 'A failed or cancelled transcription goes on where it stopped; a completed upload starts anew, unless it was corrected. '
      + 'A completed live session stays as it is meanwhile and is heard a second time (secondPass); what was corrected stays.',
  })
  @RequirePermission('recordings:write')
  @Answers(200, RecordingView)
  @AnswersProblem('not-found', 'recording-state')
  async retry(@CurrentUser() user: AuthenticatedUser, @Param({ schema: IdParams }) { id }: IdParams): Promise<RecordingView> {
    return recordingView(await this.recordings.retry(user.id, id));
  }

  @Post(':id/audio-link')
  @ApiOperation({ summary: 'A link to the audio that works for some minutes without a token and answers Range requests' })
  @Answers(200, AudioLinkView)
  @AnswersProblem('not-found')
  audioLink(
    @CurrentUser() user: AuthenticatedUser, @Param({ schema: IdParams }) { id }: IdParams, @Body({ schema: AudioLinkBody }) body: AudioLinkBody,
  ): Promise<AudioLinkView> {
    return this.recordings.audioLink(user.id, id, body);
  }

  @Get(':id/waveform')
  @ApiOperation({ summary: 'Peaks for drawing the sound' })
  @Answers(200, WaveformView)
  @AnswersProblem('not-found', 'recording-state')
  waveform(@CurrentUser() user: AuthenticatedUser, @Param({ schema: IdParams }) { id }: IdParams): Promise<WaveformView> {
    return this.recordings.waveform(user.id, id);
  }
}

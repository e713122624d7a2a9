import {
  CorrectSegmentBody, ExportQuery, Id, IdParams, SegmentHistoryView, SegmentView, SpeakerBody, SpeakerView, TranscriptView, exportMediaTypes,
} from '@auscult/contracts';
import { Body, Controller, Get, Param, Patch, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type AuthenticatedUser, CurrentUser, RequirePermission } from '../../../platform/access/index.js';
import { Answers, AnswersContent, AnswersProblem } from '../../../platform/http/index.js';
import { Corrections } from '../corrections.service.js';
import { TranscriptExports } from '../export/transcript-exports.service.js';
import { attachment } from '../file-name.js';
import { segmentView, speakerView } from '../views.js';

const SegmentParams = z.object({ id: Id, segmentId: Id });
type SegmentParams = z.infer<typeof SegmentParams>;
const SpeakerParams = z.object({ id: Id, speakerId: Id });
type SpeakerParams = z.infer<typeof SpeakerParams>;

@Controller('recordings/:id')
@ApiTags('Transcripts')
@RequirePermission('recordings:read')
export class TranscriptsController {
  constructor(
    private readonly corrections: Corrections,
    private readonly exports: TranscriptExports,
  ) {}

  @Get('transcript')
  @ApiOperation({ summary: 'What was said, as far as it is written' })
  @Answers(200, TranscriptView)
  @AnswersProblem('not-found')
  transcript(@CurrentUser() user: AuthenticatedUser, @Param({ schema: IdParams }) { id }: IdParams): Promise<TranscriptView> {
    return this.corrections.transcript(user.id, id);
  }

  @Patch('segments/:segmentId')
  @ApiOperation({ summary: 'Correct the text or the speaker of a segment; every state is kept' })
  @RequirePermission('recordings:write')
  @Answers(200, SegmentView)
  @AnswersProblem('not-found', 'conflict')
  async correct(
    @CurrentUser() user: AuthenticatedUser, @Param({ schema: SegmentParams }) { id, segmentId }: SegmentParams,
    @Body({ schema: CorrectSegmentBody }) body: CorrectSegmentBody,
  ): Promise<SegmentView> {
    return segmentView(await this.corrections.correct(user.id, id, segmentId, body));
  }

  @Get('segments/:segmentId/history')
  @ApiOperation({ summary: 'Every state of a segment, newest first' })
  @Answers(200, SegmentHistoryView)
  @AnswersProblem('not-found')
  history(@CurrentUser() user: AuthenticatedUser, @Param({ schema: SegmentParams }) { id, segmentId }: SegmentParams): Promise<SegmentHistoryView> {
    return this.corrections.history(user.id, id, segmentId);
  }

  @Post('speakers')
  @ApiOperation({ summary: 'Add a speaker that no channel tells apart' })
  @RequirePermission('recordings:write')
  @Answers(201, SpeakerView)
  @AnswersProblem('not-found')
  async addSpeaker(
    @CurrentUser() user: AuthenticatedUser, @Param({ schema: IdParams }) { id }: IdParams, @Body({ schema: SpeakerBody }) { name }: SpeakerBody,
  ): Promise<SpeakerView> {
    return speakerView(await this.corrections.addSpeaker(user.id, id, name));
  }

  @Patch('speakers/:speakerId')
  @ApiOperation({ summary: 'Rename a speaker' })
  @RequirePermission('recordings:write')
  @Answers(200, SpeakerView)
  @AnswersProblem('not-found')
  async renameSpeaker(
    @CurrentUser() user: AuthenticatedUser, @Param({ schema: SpeakerParams }) { id, speakerId }: SpeakerParams,
    @Body({ schema: SpeakerBody }) { name }: SpeakerBody,
  ): Promise<SpeakerView> {
    return speakerView(await this.corrections.renameSpeaker(user.id, id, speakerId, name));
  }

  @Get('export')
  @ApiOperation({ summary: 'The transcript as a file', description: 'json holds a TranscriptExport.' })
  @AnswersContent(200, Object.values(exportMediaTypes), 'The file')
  @AnswersProblem('not-found')
  async export(
    @CurrentUser() user: AuthenticatedUser, @Param({ schema: IdParams }) { id }: IdParams, @Query({ schema: ExportQuery }) { format }: ExportQuery,
  ): Promise<StreamableFile> {
    const { fileName, body } = await this.exports.export(user.id, id, format);
    return new StreamableFile(body, { type: exportMediaTypes[format], disposition: attachment(fileName) });
  }
}

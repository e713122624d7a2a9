import { IdParams, MarkersView, RecordingView } from '@auscult/contracts';
import { Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type AuthenticatedUser, CurrentUser, RequirePermission } from '../../../../platform/access/index.js';
import { Answers, AnswersProblem } from '../../../../platform/http/index.js';
import { recordingView } from '../../views.js';
import { markerView } from '../marker-view.js';
import { LiveMarkers } from './live-markers.service.js';
import { LiveSessions } from './live-sessions.service.js';

@Controller('recordings/:id')
@ApiTags('Live sessions')
@RequirePermission('recordings:read')
export class LiveController {
  constructor(
    private readonly sessions: LiveSessions,
    private readonly marks: LiveMarkers,
  ) {}

  @Get('markers')
  @ApiOperation({ summary: 'Moments, pauses and what is off the record, by time' })
  @Answers(200, MarkersView)
  @AnswersProblem('not-found')
  async markers(@CurrentUser() user: AuthenticatedUser, @Param({ schema: IdParams }) { id }: IdParams): Promise<MarkersView> {
    return { markers: (await this.marks.list(user.id, id)).map(markerView) };
  }

  @Post('finish')
  @ApiOperation({
    summary: 'End a live session from another device',
    description: 'It ends at the sound that has been received. The device that sends is told that it was replaced.',
  })
  @RequirePermission('recordings:write')
  @Answers(200, RecordingView)
  @AnswersProblem('not-found', 'recording-state', 'live-replaced')
  async finish(@CurrentUser() user: AuthenticatedUser, @Param({ schema: IdParams }) { id }: IdParams): Promise<RecordingView> {
    return recordingView(await this.sessions.finishHere(user.id, id));
  }
}

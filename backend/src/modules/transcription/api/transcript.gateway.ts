import { type ClientEventPayload, clientEvents } from '@auscult/contracts';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { type AuthenticatedUser, CurrentUser, RequirePermission } from '../../../platform/access/index.js';
import { LiveGateway, recordingRoom } from '../../../platform/realtime/index.js';
import { RecordingsService } from '../recordings.service.js';

/** Lets a page follow a transcript while it is written. */
@LiveGateway()
@RequirePermission('recordings:read')
export class TranscriptGateway {
  constructor(private readonly recordings: RecordingsService) {}

  /** Watch first and read the transcript then: what is written in between comes as an event. */
  @SubscribeMessage('transcript:watch')
  async watch(
    @CurrentUser() user: AuthenticatedUser,
    @ConnectedSocket() socket: Socket,
    @MessageBody({ schema: clientEvents['transcript:watch'] }) { recordingId }: ClientEventPayload<'transcript:watch'>,
  ): Promise<void> {
    await this.recordings.find(user.id, recordingId);
    await socket.join(recordingRoom(recordingId));
  }

  @SubscribeMessage('transcript:unwatch')
  async unwatch(
    @ConnectedSocket() socket: Socket,
    @MessageBody({ schema: clientEvents['transcript:unwatch'] }) { recordingId }: ClientEventPayload<'transcript:unwatch'>,
  ): Promise<void> {
    await socket.leave(recordingRoom(recordingId));
  }
}

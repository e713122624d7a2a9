import { type ClientEventAnswer, type ClientEventPayload, clientEvents } from '@auscult/contracts';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { type AuthenticatedUser, CurrentUser, RequirePermission } from '../../../../platform/access/index.js';
import { LiveGateway, recordingRoom } from '../../../../platform/realtime/index.js';
import { AudioIntake } from './audio-intake.service.js';
import { LiveMarkers } from './live-markers.service.js';
import { LiveSessions } from './live-sessions.service.js';
import { OffTheRecord } from './off-the-record.service.js';

/** Live sessions from the sender's side. */
@LiveGateway()
@RequirePermission('recordings:write')
export class LiveSessionGateway {
  constructor(
    private readonly sessions: LiveSessions,
    private readonly intake: AudioIntake,
    private readonly markers: LiveMarkers,
    private readonly offTheRecord: OffTheRecord,
  ) {}

  /** From now on the socket may send sound. The sender watches its session too. */
  @SubscribeMessage('live:open')
  async open(
    @CurrentUser() user: AuthenticatedUser,
    @ConnectedSocket() socket: Socket,
    @MessageBody({ schema: clientEvents['live:open'] }) asked: ClientEventPayload<'live:open'>,
  ): Promise<ClientEventAnswer<'live:open'>> {
    const { recordingId, channelCount } = asked;
    const opened = await this.sessions.open(user.id, asked);
    this.intake.admit(socket, recordingId, { ownerId: user.id, writer: opened.writer, channelCount });
    await socket.join(recordingRoom(recordingId));
    return opened;
  }

  @SubscribeMessage('live:finish')
  async finish(
    @CurrentUser() user: AuthenticatedUser, @MessageBody({ schema: clientEvents['live:finish'] }) said: ClientEventPayload<'live:finish'>,
  ): Promise<void> {
    await this.sessions.finish(user.id, said);
  }

  @SubscribeMessage('live:mark')
  async mark(
    @CurrentUser() user: AuthenticatedUser, @MessageBody({ schema: clientEvents['live:mark'] }) mark: ClientEventPayload<'live:mark'>,
  ): Promise<void> {
    await this.markers.mark(user.id, mark);
  }

  @SubscribeMessage('live:forget')
  forget(
    @CurrentUser() user: AuthenticatedUser, @MessageBody({ schema: clientEvents['live:forget'] }) asked: ClientEventPayload<'live:forget'>,
  ): Promise<ClientEventAnswer<'live:forget'>> {
    return this.offTheRecord.forget(user.id, asked);
  }
}

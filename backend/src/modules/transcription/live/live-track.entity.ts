import { PrimaryKeyProp } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** The checkpoint of one channel: everything before `storedSamples` is durable, and its words are final. */
@Entity({ tableName: 'live_track' })
export class LiveTrack {
  [PrimaryKeyProp]?: ['recordingId', 'channel'];

  @PrimaryKey({ type: 'uuid' })
  recordingId!: string;

  @PrimaryKey({ type: 'integer' })
  channel!: number;

  @Property({ type: 'integer' })
  storedSamples = 0;

  /** Number that the channel's next utterance gets; counts within the channel. */
  @Property({ type: 'integer' })
  nextUtterance = 0;

  static begin(recordingId: string, channel: number): LiveTrack {
    return Object.assign(new LiveTrack(), { recordingId, channel });
  }
}

import { PrimaryKeyProp } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** One row of a sound that grows part by part, in samples of one channel. It changes only by the statements in audio-part.repository.ts. */
@Entity({ tableName: 'audio_part' })
export class StoredAudioPart {
  [PrimaryKeyProp]?: ['audioId', 'channel', 'startSample'];

  @PrimaryKey({ type: 'uuid' })
  audioId!: string;

  @PrimaryKey({ type: 'integer' })
  channel!: number;

  @PrimaryKey({ type: 'integer' })
  startSample!: number;

  @Property({ type: 'integer' })
  sampleCount!: number;

  /** Null is silence. */
  @Property({ type: 'uuid', nullable: true })
  objectId!: string | null;
}

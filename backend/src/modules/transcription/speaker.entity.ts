import { randomUUID } from 'node:crypto';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** Somebody who speaks in a recording: known by an audio channel, or added by a person. */
@Entity({ tableName: 'speaker' })
export class Speaker {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'uuid' })
  recordingId!: string;

  /** Order of appearance, from 0. */
  @Property({ type: 'integer' })
  position!: number;

  @Property({ type: 'string' })
  name!: string;

  @Property({ type: 'integer', nullable: true })
  channel: number | null = null;

  static ofChannel(recordingId: string, channel: number, position: number, name = `Speaker ${channel + 1}`): Speaker {
    return Object.assign(new Speaker(), { id: randomUUID(), recordingId, position, channel, name });
  }

  static added(recordingId: string, position: number, name: string): Speaker {
    return Object.assign(new Speaker(), { id: randomUUID(), recordingId, position, name });
  }

  rename(name: string): void {
    this.name = name;
  }
}

import { BigIntType } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** `uploading` -> `stored` -> `deleting`, or straight from `uploading` to `deleting`; a deleted one has no row. */
export type StoredObjectState = 'uploading' | 'stored' | 'deleting';

/** What the uploader said about a file, cleaned. */
export interface ObjectMetadata {
  fileName?: string | null;
  title?: string | null;
  mediaType?: string | null;
}

/** One object's row. Its state changes only by the statements in stored-object.repository.ts; other modules refer to it. */
@Entity({ tableName: 'stored_object' })
export class StoredObject {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'uuid' })
  ownerId!: string;

  @Property({ type: 'string', length: 20 })
  state!: StoredObjectState;

  /** Declared at the start of a resumable upload, known at the end of a plain one. */
  @Property({ type: new BigIntType('number'), nullable: true })
  lengthBytes!: number | null;

  /** Durable bytes at the end of the last append; the object store knows better while one runs. */
  @Property({ type: new BigIntType('number'), default: 0 })
  receivedBytes!: number;

  /** As detected from the content, else as declared. */
  @Property({ type: 'string', length: 200, nullable: true })
  mediaType!: string | null;

  @Property({ type: 'json', defaultRaw: `'{}'` })
  metadata!: ObjectMetadata;

  /** Null once the object is being deleted: without the key its bytes are noise. */
  @Property({ type: 'blob', nullable: true })
  wrappedKey!: Buffer | null;

  @Property({ type: 'uuid', nullable: true })
  leaseHolder!: string | null;

  @Property({ type: 'datetime', nullable: true })
  leaseUntil!: Date | null;

  @Property({ type: 'boolean', default: false })
  leaseWanted!: boolean;

  @Property({ type: 'datetime', defaultRaw: 'now()' })
  createdAt!: Date;

  /** An unfinished upload is removed at this time; each part that arrives moves it on. */
  @Property({ type: 'datetime', nullable: true })
  expiresAt!: Date | null;

  /** When the completion receiver had taken note of the finished upload. */
  @Property({ type: 'datetime', nullable: true })
  deliveredAt!: Date | null;
}

import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { ObjectMetadata, StoredObjectState } from './stored-object.entity.js';

/** Time that an unfinished upload is kept after the last part that arrived. */
export const UPLOAD_KEPT_HOURS = 24;
/** A holder that died blocks its upload for this long at most; a living one renews every second. */
export const LEASE_SECONDS = 6;

/** Time in which a part of a growing sound must be attached after it was begun; then it counts as given up. */
export const PART_KEPT_SECONDS = 300;

export interface ObjectRow {
  id: string;
  ownerId: string;
  state: StoredObjectState;
  lengthBytes: number | null;
  receivedBytes: number;
  mediaType: string | null;
  metadata: ObjectMetadata;
  expiresAt: Date | null;
  delivered: boolean;
}

interface RawRow {
  id: string;
  owner_id: string;
  state: StoredObjectState;
  length_bytes: string | null;
  received_bytes: string;
  media_type: string | null;
  metadata: ObjectMetadata;
  expires_at: Date | string | null;
  delivered_at: Date | string | null;
}

const columns = 'id, owner_id, state, length_bytes, received_bytes, media_type, metadata, expires_at, delivered_at';

/**
 * The life of an object in the database. Every change is one conditional statement, committed by itself, so that requests,
 * passes and replicas cannot step on each other; times are the database's, which all of them share.
 */
@Injectable()
export class StoredObjectRepository {
  constructor(private readonly em: EntityManager) {}

  async insert(row: { id: string; ownerId: string; lengthBytes: number | null; metadata: ObjectMetadata; wrappedKey: Buffer; leaseHolder: string }): Promise<void> {
    await this.run(
      `insert into stored_object (id, owner_id, state, length_bytes, metadata, wrapped_key, lease_holder, lease_until, created_at, expires_at)
       values (?, ?, 'uploading', ?, ?::jsonb, ?, ?, now() + ? * interval '1 second', now(), now() + ? * interval '1 hour')`,
      [row.id, row.ownerId, row.lengthBytes, JSON.stringify(row.metadata), row.wrappedKey, row.leaseHolder, LEASE_SECONDS, UPLOAD_KEPT_HOURS],
    );
  }

  /**
   * A part of a growing sound, of which nothing is known but its size. It holds its own lease: nobody touches it until that ends, and
   * as its length is not declared it can only be attached (`attachStatement`) or removed, never resumed or handed over.
   */
  async insertPart(row: { id: string; ownerId: string; bytes: number; wrappedKey: Buffer }): Promise<void> {
    await this.run(
      `insert into stored_object (id, owner_id, state, received_bytes, wrapped_key, lease_holder, lease_until, created_at)
       values (?, ?, 'uploading', ?, ?, ?, now() + ? * interval '1 second', now())`,
      [row.id, row.ownerId, row.bytes, row.wrappedKey, row.id, PART_KEPT_SECONDS],
    );
  }

  /** Any object that is not being deleted. */
  async find(id: string): Promise<ObjectRow | null> {
    const rows = await this.rows(`select ${columns} from stored_object where id = ? and state <> 'deleting'`, [id]);
    return rows[0] ?? null;
  }

  /** Notes durable bytes and keeps the upload for another day. */
  async noteReceived(id: string, receivedBytes: number): Promise<void> {
    await this.run(
      `update stored_object set received_bytes = ?, expires_at = now() + ? * interval '1 hour' where id = ? and state = 'uploading'`,
      [receivedBytes, UPLOAD_KEPT_HOURS, id],
    );
  }

  /** The upload is whole: from now on its length is sealed and it no longer expires. False when it was deleted meanwhile. */
  async markStored(id: string, lengthBytes: number, mediaType: string | null): Promise<boolean> {
    const done = await this.run(
      `update stored_object set state = 'stored', length_bytes = ?, received_bytes = ?, media_type = ?, expires_at = null where id = ? and state = 'uploading'`,
      [lengthBytes, lengthBytes, mediaType, id],
    );
    return done === 1;
  }

  async markDelivered(id: string): Promise<void> {
    await this.run(`update stored_object set delivered_at = now() where id = ? and state = 'stored'`, [id]);
  }

  /** Destroys the data key: whatever happens to the file, nobody reads it again. */
  async markDeleting(id: string): Promise<void> {
    await this.run(discardStatement, [id]);
  }

  /** The same for a part that was never attached. */
  async discardPart(id: string): Promise<void> {
    await this.run(`${discardStatement} and state = 'uploading' and lease_holder = id`, [id]);
  }

  async remove(id: string): Promise<void> {
    await this.run(`delete from stored_object where id = ? and state = 'deleting'`, [id]);
  }

  async findDeleting(): Promise<string[]> {
    return (await this.rows(`select ${columns} from stored_object where state = 'deleting' order by created_at limit 500`)).map((row) => row.id);
  }

  async isDeleting(id: string): Promise<boolean> {
    return (await this.rows(`select ${columns} from stored_object where id = ? and state = 'deleting'`, [id])).length > 0;
  }

  /**
   * Uploads that nobody works on and that are not simply waiting for their next part: whole but not handed over, left by a
   * process that died, expired, or plain uploads (length unknown) that cannot be resumed.
   */
  async findAbandoned(): Promise<ObjectRow[]> {
    return this.rows(
      `select ${columns} from stored_object
       where (lease_holder is null or lease_until < now())
         and ((state = 'stored' and delivered_at is null)
           or (state = 'uploading' and (received_bytes = length_bytes or length_bytes is null or expires_at < now() or lease_holder is not null)))
       order by created_at limit 100`,
    );
  }

  /** True when the lease is `holder`'s now; else the present holder has been asked to give it up. */
  async acquireLease(id: string, holder: string): Promise<boolean> {
    const taken = await this.run(
      `update stored_object set lease_holder = ?, lease_until = now() + ? * interval '1 second', lease_wanted = false
       where id = ? and state <> 'deleting' and (lease_holder is null or lease_until < now())`,
      [holder, LEASE_SECONDS, id],
    );
    if (taken === 1) return true;
    await this.run('update stored_object set lease_wanted = true where id = ? and not lease_wanted', [id]);
    return false;
  }

  async renewLease(id: string, holder: string): Promise<'held' | 'wanted' | 'lost'> {
    const rows = await this.em.getConnection().execute<{ lease_wanted: boolean }[]>(
      `update stored_object set lease_until = now() + ? * interval '1 second' where id = ? and lease_holder = ? returning lease_wanted`,
      [LEASE_SECONDS, id, holder],
    );
    if (!rows[0]) return 'lost';
    return rows[0].lease_wanted ? 'wanted' : 'held';
  }

  async releaseLease(id: string, holder: string): Promise<void> {
    await this.run('update stored_object set lease_holder = null, lease_until = null, lease_wanted = false where id = ? and lease_holder = ?', [id, holder]);
  }

  private async run(statement: string, values: unknown[]): Promise<number> {
    return (await this.em.getConnection().execute<{ affectedRows: number }>(statement, values, 'run')).affectedRows;
  }

  private async rows(statement: string, values: unknown[] = []): Promise<ObjectRow[]> {
    return (await this.em.getConnection().execute<RawRow[]>(statement, values)).map(toObjectRow);
  }
}

/**
 * Turns a part that was written into a stored object that no repair looks at; values: bytes, id, bytes. Answers no row when it was
 * given up, is attached already or has another size.
 */
export const attachStatement = `update stored_object set state = 'stored', length_bytes = ?, delivered_at = now(), lease_holder = null, lease_until = null
  where id = ? and state = 'uploading' and length_bytes is null and lease_holder = id and lease_until > now() and received_bytes = ? returning id`;

/** The file's name and title go with the key: they may hold a patient's name. */
const discard = `update stored_object set state = 'deleting', wrapped_key = null, metadata = '{}', lease_wanted = true where state <> 'deleting'`;
export const discardStatement = `${discard} and id = ?`;
/** The value is a PostgreSQL array: {id,id}. */
export const discardAllStatement = `${discard} and id = any(?::uuid[])`;

function toObjectRow(row: RawRow): ObjectRow {
  return {
    id: row.id,
    ownerId: row.owner_id,
    state: row.state,
    lengthBytes: row.length_bytes === null ? null : Number(row.length_bytes),
    receivedBytes: Number(row.received_bytes),
    mediaType: row.media_type,
    metadata: row.metadata,
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
    delivered: row.delivered_at !== null,
  };
}

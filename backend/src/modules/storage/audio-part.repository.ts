import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';

/** A stretch of one channel, in samples. Without an object it is silence. */
export interface AudioPart {
  channel: number;
  startSample: number;
  sampleCount: number;
  objectId: string | null;
}

/** How much there is of a growing sound. `version` changes with every part that comes or is replaced. */
export interface AudioExtent {
  /** Of the longest channel. */
  samples: number;
  channelCount: number;
  version: string;
}

interface RawPart {
  channel: number;
  start_sample: number;
  sample_count: number;
  object_id: string | null;
}

const columns = 'channel, start_sample, sample_count, object_id';

/**
 * The rows of `audio_part`. Parts of one channel never overlap, so the part that reaches into a stretch from before it is the last
 * one that begins before it: every search is one step down the primary key, however long the sound is.
 */
@Injectable()
export class AudioPartRepository {
  constructor(private readonly em: EntityManager) {}

  async extent(audioId: string): Promise<AudioExtent> {
    const [row] = await this.em.getConnection().execute<{ samples: number | null; channels: number | null; version: string | null }[]>(
      `select max(start_sample + sample_count) samples, max(channel) + 1 channels,
         bit_xor(hashtextextended(concat_ws(':', channel, start_sample, sample_count, object_id), 0)) version
       from audio_part where audio_id = ?`, [audioId],
    );
    return { samples: row?.samples ?? 0, channelCount: row?.channels ?? 0, version: row?.version ?? '0' };
  }

  async isEmpty(audioId: string): Promise<boolean> {
    return (await this.em.getConnection().execute<unknown[]>('select 1 from audio_part where audio_id = ? limit 1', [audioId])).length === 0;
  }

  /** The parts of a channel that touch samples `from` to `until` - 1, in order, as last committed. */
  async touching(audioId: string, channel: number, from: number, until: number): Promise<AudioPart[]> {
    return (await this.em.getConnection().execute<RawPart[]>(touchingStatement, [audioId, channel, until, audioId, channel, from, from])).map(toPart);
  }

  /** The same, seen and locked by the caller's transaction. */
  async touchingForUpdate(em: EntityManager, audioId: string, channel: number, from: number, until: number): Promise<AudioPart[]> {
    return (await em.execute<RawPart[]>(`${touchingStatement} for update`, [audioId, channel, until, audioId, channel, from, from])).map(toPart);
  }

  async insert(em: EntityManager, audioId: string, part: AudioPart): Promise<void> {
    await em.execute(
      'insert into audio_part (audio_id, channel, start_sample, sample_count, object_id) values (?, ?, ?, ?, ?)',
      [audioId, part.channel, part.startSample, part.sampleCount, part.objectId],
    );
  }

  async replaceObject(em: EntityManager, audioId: string, part: AudioPart, objectId: string | null): Promise<void> {
    await em.execute(
      'update audio_part set object_id = ? where audio_id = ? and channel = ? and start_sample = ?',
      [objectId, audioId, part.channel, part.startSample],
    );
  }

  /** The objects of all parts, as the caller's transaction sees them. */
  async objects(em: EntityManager, audioId: string): Promise<string[]> {
    const rows = await em.execute<{ object_id: string }[]>('select object_id from audio_part where audio_id = ? and object_id is not null', [audioId]);
    return rows.map((row) => row.object_id);
  }

  /** Takes all parts away and answers the objects that they had. */
  async removeAll(em: EntityManager, audioId: string): Promise<string[]> {
    const rows = await em.execute<{ object_id: string | null }[]>('delete from audio_part where audio_id = ? returning object_id', [audioId]);
    return rows.flatMap(({ object_id }) => (object_id === null ? [] : [object_id]));
  }
}

const touchingStatement = `select ${columns} from audio_part
  where audio_id = ? and channel = ? and start_sample < ?
    and start_sample >= coalesce((select max(start_sample) from audio_part where audio_id = ? and channel = ? and start_sample <= ?), 0)
    and start_sample + sample_count > ?
  order by start_sample`;

function toPart(row: RawPart): AudioPart {
  return { channel: row.channel, startSample: row.start_sample, sampleCount: row.sample_count, objectId: row.object_id };
}

import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { LiveSender, codeOf } from '../../../../../test/transcription/live-sender.js';
import { TranscriptionStack } from '../../../../../test/transcription/transcription-stack.js';
import { LiveAudioStream } from '../live-audio-stream.js';

let stack: TranscriptionStack;

beforeAll(async () => {
  stack = await TranscriptionStack.start();
});

afterEach(() => {
  jest.restoreAllMocks();
});

afterAll(() => stack.close());

const owner = () => stack.people.owner;
const stream = () => stack.get(LiveAudioStream);
const inRedis = (recordingId: string) => stack.stack.redis.client.keys(`*${recordingId}*`);
const deleted = async (recordingId: string) => expect((await owner().delete(`/api/recordings/${recordingId}`)).status).toBe(204);

/** What a live worker leaves of a session that is over. */
async function completed(recordingId: string, frames: number): Promise<void> {
  await stack.em.execute(`update recording set status = 'completed', completed_at = now(), live_frames = ? where id = ?`, [frames, recordingId]);
  await stack.em.execute('delete from live_session where recording_id = ?', [recordingId]);
  await stream().remove(recordingId);
}

/** Does this when the rows have been read and Redis was not told yet, once. */
function beforeTheNextBegin(meanwhile: () => Promise<void>): void {
  const begin = stream().begin.bind(stream());
  jest.spyOn(stream(), 'begin').mockImplementationOnce(async (...asked) => {
    await meanwhile();
    await begin(...asked);
  });
}

describe('a live session in Redis', () => {
  it('goes with its recording, also when it was over and Redis had been away then', async () => {
    const sender = await LiveSender.begin(owner());
    const { recordingId } = sender;
    await sender.sendAll(0, 10);
    jest.spyOn(stream(), 'remove').mockResolvedValueOnce(undefined);
    await completed(recordingId, 10);
    expect(await inRedis(recordingId)).not.toEqual([]);
    await deleted(recordingId);
    expect(await inRedis(recordingId)).toEqual([]);
    sender.close();
  });

  it('is not made again by a sender that opens it while it is deleted', async () => {
    const sender = await LiveSender.begin(owner());
    const { recordingId } = sender;
    beforeTheNextBegin(() => deleted(recordingId));
    expect(codeOf(await sender.open())).toBe('not-found');
    expect(await inRedis(recordingId)).toEqual([]);
    sender.close();
  });

  it('is not made again by sound that comes while it is deleted', async () => {
    const sender = await LiveSender.begin(owner());
    const { recordingId } = sender;
    await sender.sendAll(0, 10);
    await stream().remove(recordingId);
    beforeTheNextBegin(() => deleted(recordingId));
    expect(codeOf(await sender.send(0, 8))).toBe('not-found');
    expect(await inRedis(recordingId)).toEqual([]);
    sender.close();
  });

  it('is not made again once it is over: who opens it hears that, and who ends it', async () => {
    const sender = await LiveSender.begin(owner());
    const { recordingId } = sender;
    await sender.sendAll(0, 10);
    beforeTheNextBegin(() => completed(recordingId, 10));
    expect(await sender.open()).toMatchObject({ ok: true, received: 10, stored: 10, finished: true });
    expect(await inRedis(recordingId)).toEqual([]);
    sender.close();

    const other = await LiveSender.begin(owner());
    await other.sendAll(0, 10);
    beforeTheNextBegin(() => completed(other.recordingId, 10));
    expect(codeOf(await other.finish(10))).toBeNull();
    expect(await inRedis(other.recordingId)).toEqual([]);
    other.close();
  });
});

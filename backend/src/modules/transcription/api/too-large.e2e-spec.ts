import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tonesWav } from '../../../../test/transcription/tones.js';
import { TranscriptionStack } from '../../../../test/transcription/transcription-stack.js';
import { StoredObject } from '../../storage/index.js';
import { Recording } from '../recording.entity.js';

const limit = 1_000_000;
let small: TranscriptionStack;
beforeAll(async () => {
  small = await TranscriptionStack.start({ env: { AUSCULT_MAX_UPLOAD_BYTES: String(limit) } });
});
afterAll(() => small.close());

describe('a file that is too large', () => {
  const tooLarge = { status: 413, body: { code: 'upload-too-large' } };
  const nothingLeft = async () => {
    expect(await small.em.count(StoredObject, {})).toBe(0);
    expect(await small.em.count(Recording, {})).toBe(0);
  };

  it('is refused by what it announces', async () => {
    expect(await small.people.owner.upload(Buffer.alloc(2 * limit), 'big.wav')).toMatchObject(tooLarge);
    await nothingLeft();
  });

  it('is refused when it turns out so on the way', async () => {
    const head = Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n');
    const wav = tonesWav(10);
    async function* parts() {
      yield head;
      for (let at = 0; at < wav.length; at += 65_536) yield wav.subarray(at, at + 65_536);
      yield Buffer.from('\r\n--b--\r\n');
    }
    const response = await fetch(`${small.url}/api/recordings`, {
      method: 'POST', duplex: 'half', body: parts(),
      headers: { authorization: `Bearer ${small.people.owner.token}`, 'content-type': 'multipart/form-data; boundary=b' },
    } as unknown as RequestInit);
    expect({ status: response.status, body: await response.json() }).toMatchObject(tooLarge);
    await nothingLeft();
  });
});

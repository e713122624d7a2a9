import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { sniffContent } from './content-sniffer.js';

const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');
const ascii = (text: string) => Buffer.from(text, 'latin1');
const noise = randomBytes(3_000);
const file = (...parts: Buffer[]) => Buffer.concat([...parts, noise]);
const mp4 = (brand: string) => file(hex('00000018'), ascii(`ftyp${brand}`), hex('00000000'), ascii(`isom${brand}`));
const ebml = (docType: string) => file(hex('1a45dfa3 9f 4286 81 01 42f7 81 01 42f2 81 04 42f3 81 08 4282'), Buffer.of(0x80 | docType.length), ascii(docType), hex('4287 81 04 4285 81 02'));
const ogg = (codec: Buffer) => file(ascii('OggS'), hex('0002 0000000000000000 01000000 00000000 00000000 01 13'), codec);

describe('sniffContent', () => {
  it.each([
    ['wav', file(ascii('RIFF'), hex('24080000'), ascii('WAVEfmt '))],
    ['flac', file(ascii('fLaC'), hex('00000022'))],
    ['mp3', file(hex('fffb9064'))],
    ['mp3 with a tag', file(ascii('ID3'), hex('0300 00 00000f76'), ascii('TIT2'), Buffer.alloc(2_000))],
    ['mp3 with a picture larger than what is looked at', file(ascii('ID3'), hex('0300 00 007f7f7f'), ascii('APIC'), Buffer.alloc(4_000))],
    ['m4a', mp4('M4A ')],
    ['aac', file(hex('fff15080'))],
    ['ogg opus', ogg(ascii('OpusHead'))],
    ['ogg vorbis', ogg(Buffer.concat([hex('01'), ascii('vorbis')]))],
    ['webm', ebml('webm')],
    ['mkv', ebml('matroska')],
    ['amr', file(ascii('#!AMR\n'))],
    ['3gp', mp4('3gp4')],
    ['mp4', mp4('mp42')],
    ['mov', mp4('qt  ')],
    ['wma', file(hex('3026b2758e66cf11a6d900aa0062ce6c'))],
    ['aiff', file(ascii('FORM'), hex('00001000'), ascii('AIFFCOMM'))],
    ['caf', file(ascii('caff'), hex('00010000'), ascii('desc'))],
    ['something unknown', noise],
    ['silence without a header', Buffer.alloc(4_000)],
    ['a few bytes', hex('00ff')],
  ])('lets %s pass', async (_format, head) => {
    expect((await sniffContent(head)).maybeAudio).toBe(true);
  });

  it.each([
    ['pdf', ascii('%PDF-1.7\n%\xe2\xe3\xcf\xd3')],
    ['png', file(hex('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489'))],
    ['jpeg', file(hex('ffd8ffe000104a464946'))],
    ['heic', mp4('heic')],
    ['zip', file(hex('504b0304140000000800'))],
    ['docx', file(hex('504b030414000600'), Buffer.alloc(18), ascii('[Content_Types].xml'))],
    ['a linux program', file(hex('7f454c4602010100'))],
    ['a windows program', file(hex('4d5a90000300'))],
    ['plain text', ascii('The patient says that nothing hurts any more.')],
    ['text of a few letters', ascii('a')],
    ['text cut inside a character', Buffer.from('é'.repeat(3_000)).subarray(0, 4_099)],
    ['text for Windows', Buffer.concat([hex('fffe'), Buffer.from('text', 'utf16le')])],
    ['json', ascii('{"audio": "none"}')],
    ['html', ascii('<!doctype html><title>x</title>')],
  ])('recognizes %s', async (_format, head) => {
    expect(await sniffContent(head)).toEqual({ maybeAudio: false, mediaType: null });
  });

  it.each([['audio/wav', file(ascii('RIFF'), hex('24080000'), ascii('WAVEfmt '))], ['audio/mpeg', file(hex('fffb9064'))], ['audio/x-m4a', mp4('M4A ')], ['video/webm', ebml('webm')]])(
    'calls it %s', async (mediaType, head) => {
      expect((await sniffContent(head)).mediaType).toBe(mediaType);
    });

  it('survives anything', async () => {
    for (let round = 0; round < 500; round++) {
      const head = randomBytes(round * 8);
      ['RIFF', 'ftyp', 'OggS', 'ID3\x03', '\x1a\x45\xdf\xa3', 'PK\x03\x04', 'FORM', '\x30\x26\xb2\x75'].at(round % 8)?.split('').forEach((character, at) => {
        if (at < head.length) head[at] = character.charCodeAt(0);
      });
      expect(typeof (await sniffContent(head)).maybeAudio).toBe('boolean');
    }
  });
});

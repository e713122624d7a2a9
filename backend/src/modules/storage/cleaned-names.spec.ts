import { describe, expect, it } from '@jest/globals';
import { cleanFileName, cleanMediaType, cleanMetadata, cleanTitle } from './cleaned-names.js';

describe('cleaned names', () => {
  it.each([
    ['session.wav', 'session.wav'], ['C:\\Users\\ann\\session.wav', 'session.wav'], ['../../x', 'x'], ['x/', null], ['.', null], ['....', null], ['', null], [null, null],
    [' a ', 'a'], ['.hidden', '.hidden'], ['a\u0000\u001b[31m\u007fb', 'a[31mb'], ['\u202Eabc\u2069', 'abc'], ['a\u200Bb', 'ab'], ['half \ud83d', 'half'], ['😀.wav', '😀.wav'],
    [`${'x'.repeat(300)}.flac`, `${'x'.repeat(195)}.flac`], ['😀'.repeat(300), '😀'.repeat(200)],
  ])('keep of the file name %j %j', (given, kept) => {
    expect(cleanFileName(given)).toBe(kept);
  });

  it.each([[' First  session ', 'First  session'], ['a\nb', 'a b'], ['\u0000', null], [undefined, null]])('keep of the title %j %j', (given, kept) => {
    expect(cleanTitle(given)).toBe(kept);
  });

  it.each([
    ['audio/WAV', 'audio/wav'], ['audio/ogg; codecs=opus', 'audio/ogg'], ['text/html', 'text/html'], ['audio', null], ['audio/', null], ['audio/x y', null], ['a/b\r\nc', null], ['', null], [undefined, null],
  ])('keep of the media type %j %j', (given, kept) => {
    expect(cleanMediaType(given)).toBe(kept);
  });

  it('leave nothing that jsonb refuses', () => {
    const cleaned = cleanMetadata({ fileName: 'a\u0000\udc00.wav', title: '\ud800x', mediaType: 'a\u0000' });
    expect(JSON.stringify(cleaned)).toBe('{"fileName":"a.wav","title":"x","mediaType":null}');
  });
});

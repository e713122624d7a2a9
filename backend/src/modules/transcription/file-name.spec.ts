import { describe, expect, it } from '@jest/globals';
import { attachment, fileNameOf } from './file-name.js';

describe('fileNameOf', () => {
  it.each([
    ['Session 3', 'Session 3.txt'],
    ['../../etc/passwd', 'etc passwd.txt'],
    ['a\r\nSet-Cookie: x', 'a Set-Cookie x.txt'],
    ['...', 'recording.txt'],
    ['con<>|?*"', 'con.txt'],
  ])('makes %j to %j', (title, name) => {
    expect(fileNameOf(title, '.txt')).toBe(name);
  });
});

describe('attachment', () => {
  it('gives a plain name and the real one', () => {
    expect(attachment('Gespräch 1 (Ann).txt')).toBe(
      "attachment; filename=\"Gespra_ch 1 (Ann).txt\"; filename*=UTF-8''Gespr%C3%A4ch%201%20%28Ann%29.txt",
    );
  });

  it('lets nothing out of the quotes', () => {
    expect(attachment('a";x="b\\.txt')).toContain('filename="a__x=_b_.txt"');
  });
});

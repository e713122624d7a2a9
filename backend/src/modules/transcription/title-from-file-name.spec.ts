import { describe, expect, it } from '@jest/globals';
import { titleFromFileName } from './title-from-file-name.js';

describe('titleFromFileName', () => {
  it.each([
    ['session 3.WAV', 'session 3'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\ann\\visit_one.m4a', 'visit one'],
    ['a\u0000b\u202Egnp.mp3', 'a b gnp'],
    ['.mp3', 'Recording'],
    ['..', 'Recording'],
    ['', 'Recording'],
    [null, 'Recording'],
    ['notes.v2.flac', 'notes.v2'],
    ['Gespräch.ogg', 'Gespräch'],
  ])('makes %j to %j', (name, title) => {
    expect(titleFromFileName(name)).toBe(title);
  });

  it('is never longer than a title may be', () => {
    expect(titleFromFileName(`${'😀a'.repeat(300)}.wav`).length).toBeLessThanOrEqual(200);
  });
});

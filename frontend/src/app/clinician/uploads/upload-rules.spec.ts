import { UploadSpeed } from './upload-speed';
import { acceptAttribute, refusalOf } from './upload-rules';

const limits = { maxUploadBytes: 4_000_000_000, acceptedExtensions: ['.wav', '.m4a'] };
const file = (name: string, size = 10, type = '') => ({ name, size, type });

describe('refusalOf', () => {
  it.each([
    [file('a.wav'), null],
    [file('A.WAV'), null],
    [file('strange.xyz', 10, 'audio/x-strange'), null],
    [file('call', 10, 'video/mp4'), null],
    [file('a.wav', 0), 'empty'],
    [file('a.wav', 5_000_000_000), 'up to 4.0 GB'],
    [file('letter.docx', 10, 'application/msword'), 'not an audio or video file'],
    [file('folder', 4096), 'not an audio or video file'],
  ])('%p', (given, reason) => {
    if (reason === null) expect(refusalOf(given, limits)).toBeNull();
    else expect(refusalOf(given, limits)).toContain(reason);
  });

  it('refuses only the empty file while the limits are unknown', () => {
    expect(refusalOf(file('letter.docx'), null)).toBeNull();
    expect(refusalOf(file('a.wav', 0), null)).not.toBeNull();
  });

  it('names extensions for the picker besides what the system knows', () => {
    expect(acceptAttribute(limits)).toBe('audio/*,video/*,.wav,.m4a');
    expect(acceptAttribute(null)).toBe('audio/*,video/*');
  });
});

describe('UploadSpeed', () => {
  it('needs a second to say something, then smooths', () => {
    const speed = new UploadSpeed();
    expect(speed.sample(0, 0)).toBeNull();
    expect(speed.sample(500, 500)).toBeNull();
    expect(speed.sample(1000, 1000)).toBe(1000);
    expect(speed.sample(3000, 2000)).toBe(1250);
  });

  it('starts anew when a chunk is sent again and after a pause', () => {
    const speed = new UploadSpeed();
    speed.sample(0, 0);
    speed.sample(1000, 1000);
    expect(speed.sample(200, 1500)).toBe(1000);
    speed.reset();
    expect(speed.sample(5000, 9000)).toBeNull();
  });
});

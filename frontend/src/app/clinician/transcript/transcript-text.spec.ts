import { fileNameOf } from './save-file';
import { aSegment, aSpeaker } from './testing/samples';
import { segmentText, speechShares, transcriptText } from './transcript-text';

const speakers = new Map([['speaker-1', aSpeaker({ name: 'Dr Lee' })], ['speaker-2', aSpeaker({ id: 'speaker-2', name: 'Client' })]]);
const segments = [
  aSegment({ id: 'a', text: 'Good morning.', endMs: 1000 }),
  aSegment({ id: 'b', text: 'How are you?', startMs: 1000, endMs: 3000 }),
  aSegment({ id: 'c', text: 'Fine.', speakerId: 'speaker-2', startMs: 3000, endMs: 4000 }),
];

it('copies turns with names and times', () => {
  expect(transcriptText(segments, speakers)).toBe('Dr Lee (0:00)\nGood morning. How are you?\n\nClient (0:03)\nFine.');
  expect(segmentText(segments[2]!, speakers)).toBe('Client (0:03)\nFine.');
});

it('shares the speech between its speakers', () => {
  expect([...speechShares(segments)]).toEqual([['speaker-1', 0.75], ['speaker-2', 0.25]]);
  expect(speechShares([]).size).toBe(0);
});

it.each([
  ['Session: 5/1 "first"', 'Session 5 1 first.srt'],
  ['../../etc/passwd', 'etc passwd.srt'],
  ['...', 'Transcript.srt'],
  ['x'.repeat(300), `${'x'.repeat(120)}.srt`],
])('names a file after the title %s', (title, name) => expect(fileNameOf(title, 'srt')).toBe(name));

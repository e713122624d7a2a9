import { ProblemError, UnexpectedAnswerError, UnreachableError } from '@auscult/client';
import { problems, type Problem, type ProblemCode } from '@auscult/contracts';
import { problemMessage } from './problem-message';

const problemOf = (code: ProblemCode, detail?: string): Problem => ({ type: `/problems/${code}`, code, ...problems[code], detail });

describe('problemMessage', () => {
  it.each(Object.keys(problems) as ProblemCode[])('says what %s is and what to do', (code) => {
    const { title, advice } = problemMessage(new ProblemError(problemOf(code)));
    expect(title.length).toBeGreaterThan(5);
    expect(advice.length).toBeGreaterThan(5);
  });

  it('prefers what the server says', () => {
    expect(problemMessage(new ProblemError(problemOf('storage-full', 'Free 2 GB.')))).toEqual({ title: problems['storage-full'].title, advice: 'Free 2 GB.' });
  });

  it('tells how long to wait', () => {
    expect(problemMessage(new ProblemError(problemOf('too-many-requests'), 1)).advice).toBe('Wait 1 second, then try again.');
    expect(problemMessage(new ProblemError(problemOf('too-many-requests'), 42)).advice).toBe('Wait 42 seconds, then try again.');
  });

  it('never shows the text of an unknown error', () => {
    const message = problemMessage(new Error('cannot read Mr Brandt.wav'));
    expect(JSON.stringify(message)).not.toContain('Brandt');
    expect(problemMessage(new UnreachableError()).advice).toContain('connection');
    expect(problemMessage(new UnexpectedAnswerError('RecordingPage')).advice).toContain('Load the page again');
  });
});

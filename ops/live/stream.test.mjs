import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, it } from 'node:test';
import { ProblemError } from '../../libs/client/dist/index.js';
import { signIn } from './account.mjs';
import { StreamedSession } from './stream.mjs';

const problem = (code, status) => new ProblemError({ type: `/problems/${code}`, code, title: code, status });
const sending = { phase: 'sending', received: 0, stored: 0, kept: 0, unsent: 0, problem: null };
const tooLong = { code: 'too-long', message: 'Eight hours were reached.' };
/** Nothing that is waited for ever comes. */
const never = new Promise(() => undefined);

/** A session whose server, account and clock are played; `answers` are what is said of the recording's row, one after the other, the last again and again. */
class Played {
  said = [];
  asked = [];
  pushed = 0;
  now = 0;
  state = sending;
  answers = [() => ({ status: 'completed' })];
  finished = () => Promise.resolve();
  pushing = () => undefined;
  looking = () => undefined;
  #connection;

  constructor(channelCount = 1) {
    const look = async () => {
      this.looking();
      return (this.answers.length > 1 ? this.answers.shift() : this.answers[0])();
    };
    this.session = new StreamedSession({
      user: { client: { recordings: { get: look }, transcripts: { get: async () => ({ segments: [] }) } } },
      baseUrl: 'http://here', channelCount, out: { write: () => undefined }, say: (text) => this.said.push(text),
      realtime: { on: () => undefined, onStateChange: (listener) => (this.#connection = listener), close: () => undefined },
      sender: (options) => this.#sender(options),
      clock: { now: () => this.now, wait: async (ms) => void (this.now += ms) },
    });
  }

  signOut() {
    this.#connection('signed-out');
  }

  become(change) {
    this.state = { ...this.state, ...change };
    this.onState(this.state);
  }

  #sender({ recordingId, onState }) {
    this.onState = onState;
    const state = () => this.state;
    return {
      recordingId,
      get state() {
        return state();
      },
      push: (chunk) => {
        this.pushed += chunk.length;
        this.pushing();
      },
      room: async () => undefined,
      finish: () => {
        this.asked.push('finish');
        return this.finished();
      },
      close: () => this.asked.push('close'),
    };
  }
}

async function* blocks(count, { length = 16_384, error } = {}) {
  for (let block = 0; block < count; block += 1) yield new Int16Array(length);
  if (error) throw error;
}

describe('a streamed session', () => {
  it('takes as long as its sound, however that is cut', async () => {
    for (const channels of [1, 2]) {
      const played = new Played(channels);
      await played.session.run(blocks(10, { length: 16_384 * channels }), false);
      assert.equal(played.pushed, 163_840 * channels);
      assert.equal(played.now, 10_240);
      assert.ok(played.said.at(-1).startsWith('Finished: http://here/recordings/'));
    }
  });

  it('of a file that breaks off is finished with what was read, and fails', async () => {
    const played = new Played();
    await assert.rejects(played.session.run(blocks(2, { error: new Error('Damaged') }), true), /Not all of the sound.*Damaged/);
    assert.deepEqual([played.pushed, played.asked], [32_768, ['finish', 'close']]);
    assert.ok(played.said.some((text) => text.startsWith('Finished')));
  });

  it('that Ctrl-C has ended is finished, whatever its source says', async () => {
    const played = new Played();
    played.pushing = () => played.session.end();
    await played.session.run(blocks(1, { length: 1_600, error: new Error('Premature close') }), true);
    assert.deepEqual(played.asked, ['finish', 'close']);
  });

  it('that reaches its longest length reads no more, says why and fails', async () => {
    const played = new Played();
    played.pushing = () => played.become({ phase: 'finishing', problem: tooLong });
    await assert.rejects(played.session.run(blocks(5), true), /Not all of the sound.*Eight hours/);
    assert.equal(played.pushed, 1_600);
    assert.ok(played.said.some((text) => /^Finishing.*Eight hours/.test(text)));
  });

  it('fails when the recording is deleted before it is complete, and looks again while the network is away', async () => {
    const played = new Played();
    played.answers = [() => Promise.reject(new Error('No network')), () => ({ status: 'live' }), () => Promise.reject(problem('not-found', 404))];
    await assert.rejects(played.session.run(blocks(1), true), { code: 'not-found' });
  });

  it('fails when the session is replaced or refused after its end was accepted', async () => {
    for (const phase of ['replaced', 'refused']) {
      const played = new Played();
      played.answers = [() => never];
      played.looking = () => played.become({ phase, problem: { code: 'x', message: 'Why' } });
      await assert.rejects(played.session.run(blocks(1), true), /Stopped \(Why\)/);
      assert.deepEqual(played.asked, ['finish', 'close']);
    }
  });

  it('fails when nobody can sign in any more, and says how much was not sent', async () => {
    const played = new Played();
    played.finished = () => {
      played.become({ phase: 'offline', unsent: 120 });
      played.signOut();
      return never;
    };
    await assert.rejects(played.session.run(blocks(1), true), /Signed out.*12 s were not sent/);
  });
});

describe('an account', () => {
  /** A server that takes the password once and answers so after that. */
  async function withServer(second, work) {
    let times = 0;
    const server = createServer((request, response) => {
      request.resume();
      const [status, body] = times++ === 0 ? [200, { accessToken: 'first', expiresAt: '2026-01-01T00:00:00.000Z', user: {} }] : second;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await work(await signIn(`http://127.0.0.1:${server.address().port}`, 'a@b.example', 'secret'));
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  it('whose password is not taken any more is signed out', () =>
    withServer([401, { type: '/problems/credentials-wrong', code: 'credentials-wrong', title: 'Wrong', status: 401 }], async ({ accessToken }) => {
      assert.equal(accessToken.current(), 'first');
      assert.equal(await accessToken.refresh(), null);
    }));

  it('that cannot be asked for now is not', () =>
    withServer([503, { type: '/problems/unavailable', code: 'unavailable', title: 'Later', status: 503 }], async ({ accessToken }) => {
      await assert.rejects(accessToken.refresh(), { code: 'unavailable' });
    }));
});

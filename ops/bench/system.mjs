// Drives the running product like a user's browser would: signs in, uploads by tus, watches the transcript, reads it.
import { createReadStream, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Upload } from 'tus-js-client';
import { AuscultClient, RealtimeClient } from '../../libs/client/dist/index.js';

export async function signIn(baseUrl, email, password) {
  const anonymous = new AuscultClient({ baseUrl });
  let session = await anonymous.auth.signIn({ email, password });
  // An access token lives minutes and a benchmark an hour: sign in again when it is refused.
  const accessToken = {
    current: () => session.accessToken,
    refresh: async () => {
      session = await anonymous.auth.signIn({ email, password });
      return session.accessToken;
    },
  };
  return { baseUrl, accessToken, client: new AuscultClient({ baseUrl, accessToken }) };
}

function upload(user, path) {
  return new Promise((resolve, reject) => {
    const task = new Upload(createReadStream(path), {
      endpoint: user.client.uploadsEndpoint,
      uploadSize: statSync(path).size,
      chunkSize: Number.POSITIVE_INFINITY,
      headers: { Authorization: `Bearer ${user.accessToken.current()}` },
      metadata: { filename: 'bench.wav', filetype: 'audio/wav' },
      retryDelays: null,
      onError: reject,
      onSuccess: () => resolve(task.url.split('/').at(-1)),
    });
    task.start();
  });
}

/**
 * Uploads `path` and follows it to the end. Times in seconds since the first byte was sent: `uploaded`, `firstWords` (the first
 * segment seen over the socket), `completed`; and the transcript's text.
 */
export async function transcribeBySystem(user, path) {
  const realtime = new RealtimeClient({ baseUrl: user.baseUrl, accessToken: user.accessToken });
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  let firstWords = null;
  try {
    realtime.on('transcript:segments', () => (firstWords ??= since()));
    realtime.connect();
    const id = await upload(user, path);
    const uploaded = since();
    realtime.watchTranscript(id);
    const recording = await finished(user, id, (seen) => {
      // The first segment may have been saved before the watch was confirmed.
      if (seen.wordCount > 0) firstWords ??= since();
    });
    const completed = since();
    if (recording.status !== 'completed') throw new Error(`The recording ended as ${recording.status}: ${recording.failure?.code ?? ''}`);
    const transcript = await user.client.transcripts.get(id);
    await user.client.recordings.delete(id);
    return { uploaded, firstWords, completed, text: transcript.segments.map((segment) => segment.text).join(' ') };
  } finally {
    realtime.close();
  }
}

async function finished(user, id, onSeen) {
  for (;;) {
    const recording = await user.client.recordings.get(id);
    onSeen(recording);
    if (!['queued', 'transcribing'].includes(recording.status)) return recording;
    await delay(100);
  }
}

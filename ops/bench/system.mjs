// Drives the running product like a user's browser would: uploads by tus, watches the transcript, reads it.
import { createReadStream, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Upload } from 'tus-js-client';
import { RealtimeClient } from '../../libs/client/dist/index.js';

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
    const ended = endOf(realtime);
    realtime.connect();
    const id = await upload(user, path);
    const uploaded = since();
    await realtime.watchTranscript(id).ready;
    // The first segment may have been saved before the watch was confirmed.
    if ((await user.client.recordings.get(id)).wordCount > 0) firstWords ??= since();
    const recording = await ended(id, () => user.client.recordings.get(id));
    const completed = since();
    if (recording.status !== 'completed') throw new Error(`The recording ended as ${recording.status}: ${recording.failure?.code ?? ''}`);
    const transcript = await user.client.transcripts.get(id);
    await user.client.recordings.delete(id);
    return { uploaded, firstWords, completed, text: transcript.segments.map((segment) => segment.text).join(' ') };
  } finally {
    realtime.close();
  }
}

const isEnded = ({ status }) => !['queued', 'transcribing'].includes(status);

/** Waits as a page does: for the event, and now and then for the row, since an event may be lost. */
function endOf(realtime) {
  const ended = new Map();
  realtime.on('recording:changed', ({ recording }) => isEnded(recording) && ended.set(recording.id, recording));
  return async (id, read) => {
    for (let round = 1; ; round += 1) {
      if (ended.has(id)) return ended.get(id);
      if (round % 50 === 0) {
        const recording = await read();
        if (isEnded(recording)) return recording;
      }
      await delay(50);
    }
  };
}

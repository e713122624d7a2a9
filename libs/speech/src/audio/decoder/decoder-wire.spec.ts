import { describe, expect, it } from '@jest/globals';
import { type DecoderMessage, MessageParser, encodeMessage } from './decoder-wire.js';

const messages: DecoderMessage[] = [
  { type: 'read', start: 5_000_000_000, length: 10 },
  { type: 'opened', mediaType: 'audio/wav', channelCount: 2, durationMs: null },
  { type: 'frames', samples: Float32Array.of(0.5, -1, 0.25) },
  { type: 'ended', truncated: true },
];

describe('MessageParser', () => {
  it.each([1, 3, 7, 1000])('puts messages together from pieces of %d bytes', (size) => {
    const bytes = Buffer.concat(messages.flatMap((message) => encodeMessage(message)));
    const parser = new MessageParser();
    const parsed: DecoderMessage[] = [];
    for (let start = 0; start < bytes.length; start += size) parsed.push(...parser.feed(bytes.subarray(start, start + size)));
    expect(parsed.map((message) => ('samples' in message ? { ...message, samples: [...message.samples] } : message))).toEqual(
      messages.map((message) => ('samples' in message ? { ...message, samples: [...message.samples] } : message)),
    );
  });
});

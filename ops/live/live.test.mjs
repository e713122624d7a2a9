import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, describe, it } from 'node:test';
import { UsageError, readOptions } from './options.mjs';
import { typedLine } from './password.mjs';
import { Resampler } from './resampler.mjs';
import { interleaved, openSound } from './sound.mjs';
import { SoundError, openWav } from './wav.mjs';
import { Words, stateInWords } from './words.mjs';

const folder = mkdtempSync(join(tmpdir(), 'live-'));
after(() => rmSync(folder, { recursive: true }));

const sizes = { 8: 1, 16: 2, 24: 3, 32: 4, 64: 8 };
const writers = {
  '1/8': (out, at, value) => out.writeUInt8(Math.round(value * 127) + 128, at),
  '1/16': (out, at, value) => out.writeInt16LE(Math.round(value * 32_767), at),
  '1/24': (out, at, value) => out.writeIntLE(Math.round(value * 8_388_607), at, 3),
  '1/32': (out, at, value) => out.writeInt32LE(Math.round(value * 2_147_483_647), at),
  '3/32': (out, at, value) => out.writeFloatLE(value, at),
  '3/64': (out, at, value) => out.writeDoubleLE(value, at),
};

/** Writes a WAV with a chunk before the sound that nobody knows, as recorders do. */
function wav(name, { kind = 1, bits = 16, rate = 16_000, channels, extensible = false }) {
  const size = sizes[bits];
  const data = Buffer.alloc(channels[0].length * channels.length * size);
  channels[0].forEach((_, frame) => channels.forEach((samples, channel) => writers[`${kind}/${bits}`](data, (frame * channels.length + channel) * size, samples[frame])));
  const format = Buffer.alloc(extensible ? 40 : 16);
  format.writeUInt16LE(extensible ? 0xfffe : kind, 0);
  format.writeUInt16LE(channels.length, 2);
  format.writeUInt32LE(rate, 4);
  format.writeUInt16LE(bits, 14);
  if (extensible) format.writeUInt16LE(kind, 24);
  const chunk = (id, body) => {
    const head = Buffer.alloc(8);
    head.write(id, 'latin1');
    head.writeUInt32LE(body.length, 4);
    return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
  };
  const body = Buffer.concat([Buffer.from('WAVE'), chunk('fmt ', format), chunk('LIST', Buffer.from('odd')), chunk('data', data)]);
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat([chunk('RIFF', body)]));
  return path;
}

async function samplesOf(blocks) {
  const channels = [];
  for await (const block of blocks) block.forEach((samples, channel) => (channels[channel] ??= []).push(...samples));
  return channels;
}

async function pcmOf(pieces) {
  const pcm = [];
  for await (const piece of pieces) pcm.push(...piece);
  return pcm;
}

const tone = (hertz, rate, count) => Float32Array.from({ length: count }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / rate));
const rms = (samples) => Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

describe('options', () => {
  it('are read, with the email address from the environment too', () => {
    assert.deepEqual(readOptions(['--url', 'https://a.example/', '--email', 'a@b.example', '--title', 'T', '--channels', '2', '--fast', 'x.wav'], {}), {
      help: false, url: 'https://a.example', email: 'a@b.example', title: 'T', channels: 2, fast: true, file: 'x.wav',
    });
    assert.deepEqual(readOptions(['-'], { AUSCULT_EMAIL: 'a@b.example' }), {
      help: false, url: 'http://localhost:3000', email: 'a@b.example', title: undefined, channels: undefined, fast: false, file: '-',
    });
    assert.deepEqual(readOptions(['--help'], {}), { help: true });
  });

  it('that are wrong are named in one line', () => {
    const wrong = [[], ['a', 'b'], ['--channels', '3', 'x'], ['--no-such', 'x'], ['--url', 'nonsense', 'x'], ['--url', 'file:///x', 'x'], ['--email']];
    for (const args of wrong) assert.throws(() => readOptions(args, { AUSCULT_EMAIL: 'a@b.example' }), (error) => error instanceof UsageError && !error.message.includes('\n'), args.join(' '));
    assert.throws(() => readOptions(['x'], {}), UsageError);
  });
});

describe('a WAV', () => {
  const left = tone(440, 16_000, 20_000);
  const right = tone(1000, 16_000, 20_000);

  for (const [kind, bits] of [[1, 8], [1, 16], [1, 24], [1, 32], [3, 32], [3, 64]]) {
    it(`of kind ${kind} with ${bits} bits is read, every sample of both channels`, async () => {
      const opened = await openWav(wav(`${kind}-${bits}.wav`, { kind, bits, channels: [left, right], extensible: bits === 24 }));
      assert.deepEqual([opened.sampleRate, opened.channelCount], [16_000, 2]);
      const read = await samplesOf(opened.blocks);
      const step = bits === 8 ? 1 / 64 : 1 / 16_000;
      [left, right].forEach((samples, channel) => {
        assert.equal(read[channel].length, samples.length);
        assert.ok(read[channel].every((sample, i) => Math.abs(sample - samples[i]) < step));
      });
    });
  }

  it('of 16 kHz and 16 bits arrives bit by bit', async () => {
    const { channelCount, pieces } = await openSound(wav('same.wav', { channels: [left] }));
    assert.equal(channelCount, 1);
    const expected = Array.from(left, (sample) => Math.round(sample * 32_767) | 0);
    assert.deepEqual((await pcmOf(pieces)).map((sample) => sample | 0), expected);
  });

  it('with two channels becomes one where one is asked for, and never two of one', async () => {
    const { pieces } = await openSound(wav('two.wav', { channels: [left, left.map((sample) => -sample)] }), 1);
    assert.ok((await pcmOf(pieces)).every((sample) => Math.abs(sample) <= 1));
    await assert.rejects(openSound(wav('one.wav', { channels: [left] }), 2), SoundError);
  });

  it('that is none, holds nothing, or is not there is said so', async () => {
    const path = join(folder, 'text.wav');
    writeFileSync(path, 'This is no sound at all.');
    assert.equal(await openWav(path), null);
    await assert.rejects(openSound(join(folder, 'none.wav')), SoundError);
    writeFileSync(path, Buffer.from('RIFF\x04\0\0\0WAVE', 'latin1'));
    await assert.rejects(openWav(path), SoundError);
  });
});

describe('resampling', () => {
  const inPieces = (rate, samples) => {
    const resampler = new Resampler(rate);
    const out = [];
    for (let at = 0, length = 1; at < samples.length; at += length, length = (length * 7) % 4001) out.push(...resampler.push(samples.subarray(at, at + length)));
    return [...out, ...resampler.flush()];
  };

  for (const rate of [8_000, 11_025, 22_050, 44_100, 48_000, 96_000]) {
    it(`from ${rate} keeps length, place and height of a tone`, () => {
      const out = inPieces(rate, tone(1000, rate, rate));
      assert.equal(out.length, 16_000);
      const wanted = tone(1000, 16_000, 16_000);
      const middle = out.slice(1000, 15_000);
      assert.ok(rms(middle.map((sample, i) => sample - wanted[i + 1000])) < 0.002, `off by ${rms(middle.map((sample, i) => sample - wanted[i + 1000]))}`);
    });
  }

  it('removes what a lower rate cannot carry instead of folding it into the voice', () => {
    assert.ok(rms(inPieces(48_000, tone(10_000, 48_000, 48_000)).slice(1000, 15_000)) < 0.0005);
  });

  it('does not depend on how the sound is cut', () => {
    const samples = tone(700, 44_100, 44_100);
    const whole = new Resampler(44_100);
    assert.deepEqual(inPieces(44_100, samples), [...whole.push(samples), ...whole.flush()]);
  });
});

it('samples beyond full scale are held there', () => {
  assert.deepEqual([...interleaved([Float32Array.of(2, -2), Float32Array.of(0, 0.5)])], [32_767, 0, -32_768, 16_384]);
});

describe('words', () => {
  const paper = (isTTY) => ({ isTTY, columns: 20, text: '', write(text) { this.text += text; } });
  const hello = { id: 'a', startMs: 0, text: 'Hello.' };

  it('go into a pipe finished and once', () => {
    const out = paper(false);
    const words = new Words(out);
    words.partial({ channel: 0, firm: 'Hel', tentative: 'lo' });
    words.segments([{ id: 'b', startMs: 900, text: 'You?' }, hello]);
    words.segments([{ ...hello, text: 'Hello!' }]);
    words.end();
    assert.equal(out.text, 'Hello.\nYou?\n');
  });

  it('are rewritten in place on a terminal, cut to its width at their beginning', () => {
    const out = paper(true);
    const words = new Words(out);
    words.partial({ channel: 0, firm: 'one two three', tentative: 'four five six' });
    assert.equal(out.text.split('\u001b[2K').at(-1), '…hree four five six');
    words.segments([hello]);
    assert.ok(out.text.includes('\r\u001b[2KHello.\n'));
    words.end();
    assert.ok(out.text.endsWith('\r\u001b[2K'));
  });

  it('say what the connection does', () => {
    const state = { phase: 'offline', unsent: 120, problem: null };
    assert.equal(stateInWords(state), 'No connection: 12 s kept here');
    assert.equal(stateInWords({ ...state, phase: 'refused', problem: { code: 'x', message: 'Why' } }), 'Stopped (Why)');
    for (const phase of ['connecting', 'sending', 'catching-up', 'offline', 'finishing', 'finished']) {
      assert.match(stateInWords({ ...state, phase, problem: { code: 'too-long', message: 'Why' } }), / \(Why\)$/, phase);
      assert.doesNotMatch(stateInWords({ ...state, phase }), /\(/, phase);
    }
  });
});

it('a password is what is typed until Enter', async () => {
  const input = new PassThrough();
  input.end('secrex\u007ft\rmore');
  assert.equal(await typedLine(input), 'secret');
  const left = new PassThrough();
  left.end('sec\u0003');
  assert.equal(await typedLine(left), null);
});

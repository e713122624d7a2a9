// A Socket.IO connection as bytes on a TCP socket, as cheap as can be: what sends the sound of a benchmark runs on the cores that are measured. Knows what the
// server of Auscult sends and no more: no polling, no reconnect, no fragments, no binary from the server.
import { once } from 'node:events';
import { request } from 'node:http';

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const LAST = 0x80;
const MASKED = 0x80;

/** The server answered, and refused. */
export class RefusedError extends Error {
  constructor(event, { code }) {
    super(`${event} is refused: ${code}`);
    this.code = code;
  }
}

/** The head of a client's frame with the mask 0, which leaves the bytes as they are. */
function frameHead(opcode, length) {
  const head = Buffer.alloc(length < 126 ? 6 : length < 65_536 ? 8 : 14);
  head[0] = LAST | opcode;
  if (length < 126) head[1] = MASKED | length;
  else if (length < 65_536) {
    head[1] = MASKED | 126;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = MASKED | 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return head;
}

function textFrame(text) {
  const bytes = Buffer.from(text);
  return Buffer.concat([frameHead(TEXT, bytes.length), bytes]);
}

/** Takes the whole frames from the front of `bytes`: { frames: [{ opcode, payload }], rest }. */
export function takeFrames(bytes) {
  const frames = [];
  let at = 0;
  while (bytes.length - at >= 2) {
    const short = bytes[at + 1] & 0x7f;
    const headLength = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length - at < headLength) break;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    if (bytes.length - at < headLength + length) break;
    frames.push({ opcode: bytes[at] & 0x0f, payload: bytes.subarray(at + headLength, at + headLength + length) });
    at += headLength + length;
  }
  return { frames, rest: bytes.subarray(at) };
}

export class WireSocket {
  #tcp;
  #rest = Buffer.alloc(0);
  #answers = new Map();
  #lastRequest = 0;
  #listeners = new Map();
  #entered = Promise.withResolvers();
  #failure = null;

  /** Connects and is let in with the token. */
  static async connect(baseUrl, token) {
    const socket = new WireSocket();
    const url = new URL('/socket.io/?EIO=4&transport=websocket', baseUrl);
    const asked = request(url, { headers: { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': Buffer.alloc(16).toString('base64') } });
    asked.end();
    asked.on('response', ({ statusCode }) => asked.destroy(new Error(`The server does not open a socket: ${statusCode}`)));
    const [, tcp, head] = await once(asked, 'upgrade');
    socket.#begin(tcp, head, token);
    await socket.#entered.promise;
    return socket;
  }

  /** Calls `listener(payload)` for each such event of the server; events without one are not even parsed. */
  on(event, listener) {
    this.#listeners.set(event, listener);
  }

  /** @returns what acknowledges the event. `audio`: bytes that stand in the payload under this name. @throws RefusedError, or what ended the connection */
  async request(event, payload, audio) {
    if (this.#failure) throw this.#failure;
    const id = (this.#lastRequest += 1);
    const answer = Promise.withResolvers();
    this.#answers.set(id, answer);
    if (audio) this.#sendWithAudio(id, event, payload, audio);
    else this.#tcp.write(textFrame(`42${id}${JSON.stringify([event, payload])}`));
    const [said] = await answer.promise;
    if (!said.ok) throw new RefusedError(event, said.problem);
    return said;
  }

  close() {
    this.#fail(new Error('The connection was closed'));
  }

  #sendWithAudio(id, event, payload, audio) {
    const text = `451-${id}${JSON.stringify([event, { ...payload, audio: { _placeholder: true, num: 0 } }])}`;
    this.#tcp.cork();
    this.#tcp.write(Buffer.concat([textFrame(text), frameHead(BINARY, audio.byteLength)]));
    this.#tcp.write(audio);
    this.#tcp.uncork();
  }

  #begin(tcp, head, token) {
    this.#tcp = tcp;
    tcp.setNoDelay(true);
    tcp.on('data', (bytes) => this.#read(bytes));
    tcp.on('close', () => this.#fail(new Error('The server closed the connection')));
    tcp.on('error', (error) => this.#fail(error));
    tcp.write(textFrame(`40${JSON.stringify({ token })}`));
    this.#read(head);
  }

  #read(bytes) {
    const { frames, rest } = takeFrames(this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes);
    this.#rest = rest;
    for (const { opcode, payload } of frames) {
      if (opcode === TEXT) this.#heard(payload);
      else if (opcode === CLOSE) this.#fail(new Error('The server closed the connection'));
    }
  }

  /** Engine.IO: `2` asks whether we live, `4` is a message; of these Socket.IO's `40` lets us in, `44` does not, `42` is an event, `43` an answer. */
  #heard(payload) {
    const kind = payload.toString('latin1', 0, 2);
    if (kind[0] === '2') this.#tcp.write(textFrame('3'));
    else if (kind === '40') this.#entered.resolve();
    else if (kind === '44') this.#fail(new Error('The server does not let us in'));
    else if (kind === '42') this.#event(payload);
    else if (kind === '43') this.#answer(payload.toString('utf8', 2));
  }

  #event(payload) {
    const begin = payload.indexOf('"') + 1;
    const listener = this.#listeners.get(payload.toString('latin1', begin, payload.indexOf('"', begin)));
    if (listener) listener(JSON.parse(payload.toString('utf8', 2))[1]);
  }

  #answer(text) {
    const begin = text.indexOf('[');
    const id = Number(text.slice(0, begin));
    this.#answers.get(id)?.resolve(JSON.parse(text.slice(begin)));
    this.#answers.delete(id);
  }

  #fail(failure) {
    this.#failure ??= failure;
    this.#tcp.destroy();
    for (const { promise, reject } of [this.#entered, ...this.#answers.values()]) {
      promise.catch(() => undefined);
      reject(failure);
    }
    this.#answers.clear();
  }
}

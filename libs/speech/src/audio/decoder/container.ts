import {
  AVDISCARD_ALL, AVERROR_EOF, AVFMT_FLAG_CUSTOM_IO, AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO, AV_DISPOSITION_ATTACHED_PIC,
} from 'node-av/constants';
import { Codec, CodecContext, Dictionary, FormatContext, type IOContext, Packet, type Stream } from 'node-av/lib';
import { AudioError } from '../audio-error.js';
import { ALLOWED_DEMUXERS, mediaTypeOf } from './media-type.js';

const MICROSECONDS_PER_MS = 1000n;
/** Packets in a row that cannot be read before the rest of a file is given up. */
const GIVE_UP_AFTER_ERRORS = 50;

/** An opened file: its best audio track, ready to be decoded packet by packet. */
export class Container {
  readonly mediaType: string;
  readonly durationMs: number | null;
  /** Length of the sound alone as announced, if it can be told from that of the picture. */
  readonly soundMs: number | null;
  /** Where the file's own clock starts, in seconds: the zero of what a player shows. */
  readonly startSeconds: number;
  readonly timeBase: number;
  /** Whether some packets could not be read. */
  damaged = false;
  private readonly packet = new Packet();

  private constructor(
    private readonly format: FormatContext,
    private readonly stream: Stream,
    readonly codec: CodecContext,
    readonly codecName: string,
  ) {
    this.packet.alloc();
    const { num, den } = stream.timeBase;
    this.timeBase = num / den;
    this.durationMs = format.duration > 0n ? Number(format.duration / MICROSECONDS_PER_MS) : null;
    this.startSeconds = Math.max(-1, format.startTime > -1_000_000n ? Number(format.startTime) / 1e6 : 0);
    const hasVideo = format.streams.some((each) => each.codecpar.codecType === AVMEDIA_TYPE_VIDEO && !(each.disposition & AV_DISPOSITION_ATTACHED_PIC));
    const announcedMs = stream.duration > 0n ? Number(stream.duration) * this.timeBase * 1000 : null;
    this.soundMs = announcedMs ?? (hasVideo ? null : this.durationMs);
    const majorBrand = format.metadata?.get('major_brand') ?? '';
    this.mediaType = mediaTypeOf({ demuxer: format.iformat?.name ?? '', majorBrand, hasVideo, audioCodec: codecName });
  }

  /** @throws AudioError not-audio where nothing was recognised, no-audio-track where there is no sound in it */
  static open(io: IOContext): Container {
    const format = openFormat(io);
    // Pictures need not be looked into, and their decoders are the larger target for a hostile file.
    for (const stream of format.streams) if (stream.codecpar.codecType !== AVMEDIA_TYPE_AUDIO) stream.discard = AVDISCARD_ALL;
    format.findStreamInfoSync();
    const index = format.findBestStream(AVMEDIA_TYPE_AUDIO);
    const stream = format.streams[index];
    if (index < 0 || !stream) throw new AudioError(format.nbStreams > 0 ? 'no-audio-track' : 'not-audio');
    for (const other of format.streams) if (other.index !== index) other.discard = AVDISCARD_ALL;
    const decoder = Codec.findDecoder(stream.codecpar.codecId);
    if (!decoder) throw new AudioError('not-audio');
    return new Container(format, stream, openCodec(stream, decoder), decoder.name ?? '');
  }

  /** The next packet of the audio track, valid until the next call; null at the end. */
  nextPacket(): Packet | null {
    for (let errors = 0; errors < GIVE_UP_AFTER_ERRORS; ) {
      this.packet.unref();
      const code = this.format.readFrameSync(this.packet);
      if (code === AVERROR_EOF) return null;
      if (code < 0) {
        this.damaged = true;
        errors += 1;
      } else if (this.packet.streamIndex === this.stream.index) {
        return this.packet;
      }
    }
    return null;
  }
}

function openFormat(io: IOContext): FormatContext {
  const format = new FormatContext();
  format.allocContext();
  format.pb = io;
  format.setFlags(AVFMT_FLAG_CUSTOM_IO);
  const options = Dictionary.fromObject({ format_whitelist: ALLOWED_DEMUXERS.join(','), protocol_whitelist: 'none' });
  if (format.openInputSync('', null, options) < 0) throw new AudioError('not-audio');
  return format;
}

function openCodec(stream: Stream, decoder: Codec): CodecContext {
  const codec = new CodecContext();
  codec.allocContext3(decoder);
  codec.parametersToContext(stream.codecpar);
  codec.pktTimebase = stream.timeBase;
  codec.threadCount = 1;
  // A damaged FLAC frame would be played as a burst of noise; the other decoders conceal, and strictness would cost sound.
  const options = decoder.name === 'flac' ? Dictionary.fromObject({ err_detect: 'crccheck+explode' }) : null;
  if (codec.open2Sync(decoder, options) < 0) throw new AudioError('audio-damaged');
  return codec;
}

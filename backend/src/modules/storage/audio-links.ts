import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { AudioLinkView } from '@auscult/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { APP_CONFIG, type AppConfig, derivedKey } from '../../platform/config/index.js';
import { ProblemError } from '../../platform/http/index.js';
import { cleanFileName } from './cleaned-names.js';
import { isObjectId } from './object-store.js';

export interface AudioLinkOptions {
  disposition: 'inline' | 'attachment';
  /** Of the audio; anything but audio/* and video/* is served as application/octet-stream. */
  mediaType: string;
  /** What a download is called. */
  fileName: string;
}

const Sealed = z.object({
  id: z.string().refine(isObjectId),
  /** Of a sound that is kept in parts and served as a WAV file; missing for one object. */
  pcmChannels: z.int().min(1).max(2).optional(),
  until: z.number(),
  disposition: z.enum(['inline', 'attachment']),
  mediaType: z.string(),
  fileName: z.string(),
});
export type AudioLink = z.infer<typeof Sealed>;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Longer than any token that is made here: a file name has at most 200 characters, each at most 4 bytes in JSON and base64. */
const MAX_TOKEN_LENGTH = 4_000;

/**
 * Links to audio that work without a sign-in, for a few minutes. The token is sealed (AES-256-GCM under a key derived for this
 * purpose): nobody can change it, and the file name in it, which may be a patient's, shows in no address bar and no proxy's log.
 */
@Injectable()
export class AudioLinks {
  private readonly key: Buffer;

  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {
    this.key = derivedKey(config.tokenSecret, 'audio-link');
  }

  /** The caller has made sure that the reader may hear this object. */
  create(id: string, options: AudioLinkOptions): AudioLinkView {
    return this.make(id, options, {});
  }

  /** The same for a sound of `PcmAudio`, as a WAV file; it may still grow. */
  createPcm(audioId: string, channelCount: number, options: Omit<AudioLinkOptions, 'mediaType'>): AudioLinkView {
    return this.make(audioId, { ...options, mediaType: 'audio/wav' }, { pcmChannels: channelCount });
  }

  /** @throws ProblemError `not-found` for a token that was not made here, `link-expired` for an old one */
  open(token: string): AudioLink {
    const link = this.unseal(token);
    if (!link) throw new ProblemError('not-found');
    if (link.until <= Date.now()) throw new ProblemError('link-expired');
    return link;
  }

  private make(id: string, options: AudioLinkOptions, more: Pick<AudioLink, 'pcmChannels'>): AudioLinkView {
    const until = Date.now() + this.config.audioLinkMinutes * 60_000;
    const mediaType = /^(audio|video)\/[a-z0-9.+-]+$/.test(options.mediaType) ? options.mediaType : 'application/octet-stream';
    const fileName = cleanFileName(options.fileName) ?? 'recording';
    return { url: `/api/audio/${this.seal({ id, ...more, until, disposition: options.disposition, mediaType, fileName })}`, expiresAt: new Date(until).toISOString(), mediaType };
  }

  private seal(link: AudioLink): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce, { authTagLength: TAG_BYTES });
    const text = Buffer.concat([cipher.update(JSON.stringify(link), 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, text, cipher.getAuthTag()]).toString('base64url');
  }

  private unseal(token: string): AudioLink | null {
    if (token.length > MAX_TOKEN_LENGTH || !/^[\w-]+$/.test(token)) return null;
    const bytes = Buffer.from(token, 'base64url');
    // One text form for each token: base64url leaves bits over that a decoder ignores.
    if (bytes.length <= NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== token) return null;
    const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
    const text = decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES));
    try {
      decipher.final();
    } catch {
      return null; // not sealed by this key: forged, cut or changed
    }
    return Sealed.parse(JSON.parse(text.toString('utf8')));
  }
}

import { DOCUMENT, DestroyRef, Injectable, inject, signal } from '@angular/core';

/** Why there is no sound; each has words that say what to do (capture-words.ts). */
export type SourceTrouble = 'insecure' | 'unsupported' | 'denied' | 'no-device' | 'busy' | 'no-shared-sound' | 'no-sharing' | 'failed';

export class SourceError extends Error {
  constructor(readonly trouble: SourceTrouble) {
    super(`No sound: ${trouble}`);
  }
}

export interface Microphone {
  id: string;
  label: string;
}

/** The devices and tabs that sound can come from. Answers with streams, or with a SourceError that says why not. */
@Injectable()
export class SoundSources {
  private readonly window = inject(DOCUMENT).defaultView;
  private readonly list = signal<readonly Microphone[]>([]);
  /** Empty as long as the browser keeps the names to itself: before the first permission. */
  readonly microphones = this.list.asReadonly();

  constructor() {
    const abort = new AbortController();
    this.devices()?.addEventListener('devicechange', () => void this.look(), { signal: abort.signal });
    inject(DestroyRef).onDestroy(() => abort.abort());
    void this.look();
  }

  /** What this page can never do here; null when it may try. */
  obstacle(): SourceTrouble | null {
    if (this.window?.isSecureContext === false) return 'insecure';
    if (!this.devices() || typeof AudioWorkletNode === 'undefined') return 'unsupported';
    return null;
  }

  /** The same microphone, or the system's choice (null) where it was unplugged. */
  thereOrNull(deviceId: string | null): string | null {
    return this.list().some(({ id }) => id === deviceId) ? deviceId : null;
  }

  canShare(): boolean {
    return typeof this.devices()?.getDisplayMedia === 'function';
  }

  /**
   * @param deviceId null is the system's choice
   * @param besideCall a loudspeaker may play the patient into this microphone: that echo is taken out
   */
  async microphone(deviceId: string | null, besideCall: boolean): Promise<MediaStream> {
    const devices = this.devicesOrTrouble();
    // The recogniser was trained on plain sound, noise suppression takes consonants away with the noise; the gain helps who sits far off.
    const audio: MediaTrackConstraints = {
      echoCancellation: besideCall,
      noiseSuppression: false,
      autoGainControl: true,
      ...(deviceId === null ? {} : { deviceId: { exact: deviceId } }),
    };
    try {
      const stream = await devices.getUserMedia({ audio });
      void this.look();
      return stream;
    } catch (error) {
      throw new SourceError(troubleOf(error));
    }
  }

  /** The sound of a tab or of the system, chosen by the person in the browser's own dialog; the picture is dropped at once. */
  async call(): Promise<MediaStream> {
    const devices = this.devicesOrTrouble();
    if (!this.canShare()) throw new SourceError('no-sharing');
    let stream: MediaStream;
    try {
      const options: DisplayMediaStreamOptions & { systemAudio: string; selfBrowserSurface: string } = {
        audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
        video: true,
        systemAudio: 'include',
        selfBrowserSurface: 'exclude',
      };
      stream = await devices.getDisplayMedia(options);
    } catch (error) {
      throw new SourceError(troubleOf(error));
    }
    for (const track of stream.getVideoTracks()) track.stop();
    if (stream.getAudioTracks().length === 0) throw new SourceError('no-shared-sound');
    return new MediaStream(stream.getAudioTracks());
  }

  private async look(): Promise<void> {
    const all = await this.devices()?.enumerateDevices().catch(() => []);
    const microphones = (all ?? []).filter(({ kind, deviceId, label }) => kind === 'audioinput' && label !== '' && !ALIASES.has(deviceId));
    this.list.set(microphones.map(({ deviceId, label }) => ({ id: deviceId, label })));
  }

  private devices(): MediaDevices | undefined {
    return (this.window?.navigator as Partial<Navigator> | undefined)?.mediaDevices;
  }

  private devicesOrTrouble(): MediaDevices {
    const trouble = this.obstacle();
    const devices = this.devices();
    if (trouble !== null || !devices) throw new SourceError(trouble ?? 'unsupported');
    return devices;
  }
}

/** Chromium lists the system's choice a second time under these names. */
const ALIASES = new Set(['default', 'communications', '']);

function troubleOf(error: unknown): SourceTrouble {
  if (!(error instanceof DOMException)) return 'failed';
  switch (error.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'no-device';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'failed';
  }
}

import type { LiveSource } from '@auscult/contracts';
import { SourceError, type SoundSources, type SourceTrouble } from '../capture/sound-sources';

/** What went wrong with the sound and whether it was that of the call. */
export interface Trouble {
  cause: SourceTrouble | 'other-tab';
  sharing: boolean;
}

export class OtherTabError extends Error {}
export class PageLeftError extends Error {}
class SharingError extends SourceError {}

/** One stream for each channel. The call first: the browser's dialog needs the press of the button, which is spent after the question for the microphone. */
export async function openDevices(sources: SoundSources, source: LiveSource, deviceId: string | null): Promise<MediaStream[]> {
  if (source !== 'telehealth') return [await sources.microphone(deviceId, false)];
  const call = await sources.call().catch((error: unknown) => {
    throw error instanceof SourceError ? new SharingError(error.trouble) : error;
  });
  try {
    return [await sources.microphone(deviceId, true), call];
  } catch (error) {
    stopTracks(call);
    throw error;
  }
}

export function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

export function troubleOf(error: unknown, sharing: boolean): Trouble {
  if (error instanceof OtherTabError) return { cause: 'other-tab', sharing: false };
  if (error instanceof SourceError) return { cause: error.trouble, sharing: sharing || error instanceof SharingError };
  return { cause: 'failed', sharing };
}

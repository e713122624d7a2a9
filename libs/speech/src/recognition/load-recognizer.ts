import { availableParallelism } from 'node:os';
import { LONGEST_GROUP, LONGEST_UTTERANCE } from '../live/live-settings.js';
import type { ModelName } from '../models/model-registry.js';
import { BackgroundRecognizer } from './background/background-recognizer.js';
import { CudaDriver, NoCudaDeviceError } from './cuda/cuda-driver.js';
import { CudaMoonshineRecognizer } from './cuda/cuda-moonshine-recognizer.js';
import { MoonshineRecognizer } from './moonshine-recognizer.js';
import type { Recognizer } from './recognizer.js';
import { reserveMemory } from './reserve-memory.js';

/** `auto` takes a GPU where there is one that works. */
export type SpeechDevice = 'auto' | 'cpu' | 'cuda';
export const speechDevices: readonly SpeechDevice[] = ['auto', 'cpu', 'cuda'];

export interface LoadedRecognizer {
  readonly recognizer: Recognizer;
  /** The GPU's name, or `cpu`. */
  readonly device: string;
  /** How many decodes this engine works on at once; more only wait. */
  readonly parallel: number;
  /** Why a GPU that is there is not used. */
  readonly gpuFailure?: Error;
}

/** What opens each engine; tests put others in their place. */
export interface RecognizerEngines {
  cuda(dir: string, model: ModelName): Promise<{ recognizer: Recognizer; device: string; slots: number }>;
  cpu(dir: string, model: ModelName): Promise<Recognizer>;
}

const engines: RecognizerEngines = {
  async cuda(dir, model) {
    const recognizer = await CudaMoonshineRecognizer.load(dir, model);
    return { recognizer, device: recognizer.device, slots: recognizer.slots };
  },
  cpu: (dir, model) => MoonshineRecognizer.load(dir, model),
};

/**
 * The name of the GPU that `cuda` would take.
 * @throws NoCudaDeviceError with one line that says why there is none
 */
export function findCudaDevice(): string {
  return CudaDriver.find();
}

/**
 * Opens the model on the device that was asked for.
 * @throws NoCudaDeviceError where `cuda` was asked for and is not there
 */
export async function loadRecognizer(dir: string, model: ModelName, device: SpeechDevice, open: RecognizerEngines = engines): Promise<LoadedRecognizer> {
  if (device === 'cpu') return onCpu(dir, model, open);
  try {
    const { recognizer, device: name, slots } = await open.cuda(dir, model);
    return { recognizer, device: name, parallel: slots };
  } catch (error) {
    if (device === 'cuda') throw error;
    // No GPU is the usual case and no news; one that is there and fails is told, and the work goes on without it.
    const gpuFailure = error instanceof NoCudaDeviceError ? undefined : toError(error);
    const loaded = await onCpu(dir, model, open);
    return gpuFailure ? { ...loaded, gpuFailure } : loaded;
  }
}

/**
 * What hears beside `loaded` whatever nobody waits for: on the CPU a process of its own that gives way; a GPU takes turns so short that it does so itself. Both
 * have the memory then that live sessions take.
 * @throws BackgroundFailedError
 */
export async function loadBackground({ recognizer, device, parallel }: LoadedRecognizer, dir: string, model: ModelName): Promise<Recognizer> {
  if (device !== 'cpu') return recognizer;
  await reserveMemory(recognizer, LONGEST_UTTERANCE, parallel + 1);
  const background = await BackgroundRecognizer.load(dir, model, parallel + 1);
  await reserveMemory(background, LONGEST_GROUP, parallel + 1);
  return background;
}

async function onCpu(dir: string, model: ModelName, open: RecognizerEngines): Promise<LoadedRecognizer> {
  return { recognizer: await open.cpu(dir, model), device: 'cpu', parallel: availableParallelism() };
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error('The GPU engine cannot be loaded', { cause: error });
}

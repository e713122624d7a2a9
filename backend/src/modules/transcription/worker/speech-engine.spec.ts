import { describe, expect, it } from '@jest/globals';
import { NoCudaDeviceError, findCudaDevice } from '@auscult/speech';
import { type AppConfig, ConfigError } from '../../../platform/config/index.js';
import { HealthRegistry } from '../../../platform/observability/index.js';
import { SpeechEngine } from './speech-engine.service.js';

function hasGpu(): boolean {
  try {
    return findCudaDevice().length > 0;
  } catch (error) {
    if (error instanceof NoCudaDeviceError) return false;
    throw error;
  }
}

const engine = (config: Partial<AppConfig>) => new SpeechEngine(config as AppConfig, new HealthRegistry());

describe('SpeechEngine', () => {
  (hasGpu() ? it.skip : it)('refuses to start where a GPU is asked for and there is none', () => {
    const start = () => engine({ speechDevice: 'cuda', recognizer: 'moonshine' }).onModuleInit();
    expect(start).toThrow(ConfigError);
    expect(start).toThrow(/^AUSCULT_SPEECH_DEVICE is cuda, but there is no GPU to use: .+$/);
  });

  it('asks for no GPU where the recogniser is the fake', async () => {
    const started = engine({ speechDevice: 'cuda', recognizer: 'fake' });
    started.onModuleInit();
    expect(await started.loaded()).toHaveProperty('parallel');
    await started.onApplicationShutdown();
  });
});

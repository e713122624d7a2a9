import { join } from 'node:path';
import { EntityManager } from '@mikro-orm/postgresql';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../../platform/config/index.js';
import { AudioController } from './api/audio.controller.js';
import { LinkedAudio } from './api/linked-audio.js';
import { TusEndpoint } from './api/tus-endpoint.js';
import { UploadsController } from './api/uploads.controller.js';
import { AudioLinks } from './audio-links.js';
import { AudioPartRepository } from './audio-part.repository.js';
import { DataKeys, DatabaseDataKeys } from './data-keys.js';
import { LocalObjectStore } from './local-object-store.js';
import { ObjectStore } from './object-store.js';
import { PcmAudio } from './pcm-audio.js';
import { StorageHealth } from './storage-health.js';
import { StorageMetrics } from './storage.metrics.js';
import { StoredObjectRepository } from './stored-object.repository.js';
import { StoredObjects } from './stored-objects.js';
import { UploadCompletion } from './upload-completion.js';
import { UploadLeases } from './upload-lease.js';
import { UploadRepairs } from './upload-repairs.js';
import { Uploads } from './uploads.js';
import { PurgeAudioJob } from './worker/purge-audio.job.js';

const core: Provider[] = [
  StoredObjectRepository,
  {
    provide: DataKeys,
    useFactory: (em: EntityManager, config: AppConfig) => new DatabaseDataKeys(em, config.masterKey),
    inject: [EntityManager, APP_CONFIG],
  },
  {
    provide: ObjectStore,
    useFactory: (keys: DataKeys, config: AppConfig) => new LocalObjectStore(join(config.dataDir, 'audio'), keys),
    inject: [DataKeys, APP_CONFIG],
  },
  StorageMetrics,
  StorageHealth,
  StoredObjects,
  AudioPartRepository,
  PcmAudio,
  AudioLinks,
];
const door = [ObjectStore, StoredObjects, PcmAudio, AudioLinks];

/** Keeps the audio. Needs config, database, observability and queue (producers at least) of the platform, which are global. */
@Module({})
export class StorageModule {
  /** Takes uploads in and serves audio. */
  static forApi(): DynamicModule {
    return {
      module: StorageModule,
      controllers: [UploadsController, AudioController],
      providers: [...core, UploadLeases, UploadCompletion, Uploads, UploadRepairs, LinkedAudio, TusEndpoint],
      exports: [...door, Uploads],
    };
  }

  /** Reads audio and removes what was deleted. */
  static forWorker(): DynamicModule {
    return { module: StorageModule, providers: [...core, PurgeAudioJob], exports: door };
  }
}

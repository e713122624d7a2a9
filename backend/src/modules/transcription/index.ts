export { TranscriptionApiModule } from './api/transcription-api.module.js';
export { TranscriptionWorkerModule } from './worker/transcription-worker.module.js';
export { LiveWorkerModule } from './live/worker/live-worker.module.js';
export { transcriptionEntities } from './transcription-entities.js';

import type { Entities } from './platform/database/index.js';
import { RefreshToken, UserSession } from './modules/auth/index.js';
import { StoredAudioPart, StoredObject } from './modules/storage/index.js';
import { transcriptionEntities } from './modules/transcription/index.js';
import { Practice, User } from './modules/users/index.js';

/** Every table of every module; all processes know all of them. */
export const entities: Entities = [Practice, User, UserSession, RefreshToken, StoredObject, StoredAudioPart, ...transcriptionEntities];

import type { Readable } from 'node:stream';
import { type CancellationContext, DataStore, ERRORS, Upload } from '@tus/utils';

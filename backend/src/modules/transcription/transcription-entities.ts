import { Recording } from './recording.entity.js';
import { SegmentRevision } from './segment-revision.entity.js';
import { Segment } from './segment.entity.js';
import { Speaker } from './speaker.entity.js';

/** What this module keeps in the database. */
export const transcriptionEntities = [Recording, Speaker, Segment, SegmentRevision];

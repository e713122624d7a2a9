import { LiveSession } from './live/live-session.entity.js';
import { LiveTrack } from './live/live-track.entity.js';
import { Marker } from './live/marker.entity.js';
import { Recording } from './recording.entity.js';
import { SegmentRevision } from './segment-revision.entity.js';
import { Segment } from './segment.entity.js';
import { Speaker } from './speaker.entity.js';

/** What this module keeps in the database. */
export const transcriptionEntities = [Recording, Speaker, Segment, SegmentRevision, LiveSession, LiveTrack, Marker];

/** Every socket of one person. */
export const userRoom = (userId: string): string => `user:${userId}`;
/** Every socket of one sign-in. */
export const sessionRoom = (sessionId: string): string => `session:${sessionId}`;
/** The sockets that watch one recording's transcript; a gateway lets in only who may see it. */
export const recordingRoom = (recordingId: string): string => `recording:${recordingId}`;

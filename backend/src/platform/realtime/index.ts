export { RealtimePublisher } from './realtime-publisher.service.js';
export { RealtimeModule } from './realtime.module.js';
export { recordingRoom, sessionRoom, userRoom } from './rooms.js';

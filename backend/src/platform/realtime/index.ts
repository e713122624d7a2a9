export { LiveGateway } from './live-gateway.decorator.js';
export { RealtimeModule, SocketsModule } from './realtime.module.js';
export { RealtimePublisher } from './realtime-publisher.service.js';
export { RedisIoAdapter } from './redis-io-adapter.js';
export { recordingRoom, sessionRoom, userRoom } from './rooms.js';

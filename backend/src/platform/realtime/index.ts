export { onFrequentEvent } from './frequent-event.js';
export { LiveGateway } from './live-gateway.decorator.js';
export { RealtimeModule, SocketsModule } from './realtime.module.js';
export { RealtimePublisher } from './realtime-publisher.service.js';
export { RedisIoAdapter } from './redis-io-adapter.js';
export { MAX_SOCKETS_PER_USER, MAX_STRANGERS } from './socket-limits.js';
export { recordingRoom, sessionRoom, userRoom } from './rooms.js';

export { eventually } from './eventually.js';
export { OwnPostgres } from './own-postgres.js';
export { OwnRedis } from './own-redis.js';
export { SignedIn, openSocket } from './signed-in.js';
export { type TestDatabase, createTestDatabase } from './test-database.js';
export { type NewPerson, TEST_PASSWORD, TestPeople } from './test-people.js';
export { type TestRedis, createTestRedis } from './test-redis.js';
export { type StackOptions, TestStack } from './test-stack.js';
export { type WorkerProcess, freePort, startApiProcess, startLiveProcess, startWorkerProcess } from './worker-process.js';

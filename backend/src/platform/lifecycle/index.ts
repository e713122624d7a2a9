export { lowerPriority } from './lower-priority.js';
export { runOnce, runProcess } from './run-process.js';

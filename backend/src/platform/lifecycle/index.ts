export { runOnce, runProcess } from './run-process.js';

export { Practice } from './practice.entity.js';
export { User } from './user.entity.js';

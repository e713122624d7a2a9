export { UsersApiModule } from './api/users-api.module.js';
export { type DemoAccount, DemoPractice } from './demo-practice.service.js';
export { Practice } from './practice.entity.js';
export { User } from './user.entity.js';
export { UsersModule } from './users.module.js';
export { UsersService } from './users.service.js';

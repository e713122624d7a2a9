import { Module } from '@nestjs/common';
import { UsersModule } from '../users.module.js';
import { UsersController } from './users.controller.js';

@Module({ imports: [UsersModule], controllers: [UsersController] })
export class UsersApiModule {}

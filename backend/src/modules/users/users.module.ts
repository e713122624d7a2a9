import { Module } from '@nestjs/common';
import { DemoPractice } from './demo-practice.service.js';
import { Passwords } from './passwords.service.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

/** People and practices, for every process. */
@Module({ providers: [UsersRepository, UsersService, Passwords, DemoPractice], exports: [UsersService, DemoPractice] })
export class UsersModule {}

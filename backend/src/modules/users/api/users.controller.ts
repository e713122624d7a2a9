import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { CreateUserBody, PageQuery, UserPage, UserView } from '@auscult/contracts';
import { type AuthenticatedUser, CurrentUser, RequirePermission } from '../../../platform/access/index.js';
import { Answers, AnswersProblem } from '../../../platform/http/index.js';
import { UsersService } from '../users.service.js';

/** The people of the admin's own practice. */
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @RequirePermission('users:read')
  @Answers(200, UserPage, 'The people of the practice by name')
  list(@CurrentUser() user: AuthenticatedUser, @Query({ schema: PageQuery }) query: PageQuery): Promise<UserPage> {
    return this.users.page(user.practiceId, query);
  }

  @Post()
  @RequirePermission('users:write')
  @Answers(201, UserView, 'The person was added')
  @AnswersProblem('email-taken')
  create(@CurrentUser() user: AuthenticatedUser, @Body({ schema: CreateUserBody }) body: CreateUserBody): Promise<UserView> {
    return this.users.create(user.practiceId, body);
  }
}

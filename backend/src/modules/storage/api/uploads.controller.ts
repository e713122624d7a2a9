import { Controller, Delete, Head, HttpCode, Options, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { type AuthenticatedUser, CurrentUser, RequirePermission } from '../../../platform/access/index.js';
import { TusEndpoint } from './tus-endpoint.js';

/**
 * Resumable uploads by the tus protocol, version 1.0.0 with creation, creation-with-upload, termination and expiration
 * (https://tus.io/protocols/resumable-upload). Not in the OpenAPI document, which cannot say this; its description names it.
 */
@Controller('uploads')
@RequirePermission('recordings:write')
@ApiExcludeController()
export class UploadsController {
  constructor(private readonly tus: TusEndpoint) {}

  @Options()
  @HttpCode(204)
  options(@CurrentUser() user: AuthenticatedUser, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.tus.answer(request, response, user.id);
  }

  @Post()
  create(@CurrentUser() user: AuthenticatedUser, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.tus.answer(request, response, user.id);
  }

  @Head(':id')
  offset(@CurrentUser() user: AuthenticatedUser, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.tus.answer(request, response, user.id);
  }

  @Patch(':id')
  append(@CurrentUser() user: AuthenticatedUser, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.tus.answer(request, response, user.id);
  }

  @Delete(':id')
  terminate(@CurrentUser() user: AuthenticatedUser, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.tus.answer(request, response, user.id);
  }
}

import { Controller, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { LivenessView, ReadinessView } from '@auscult/contracts';
import type { Response } from 'express';
import { Public } from '../access/index.js';
import { Answers } from '../http/index.js';
import { HealthRegistry } from './health-registry.service.js';

/** For load balancers: is this process alive, and can it serve. */
@ApiTags('Health')
@Controller('health')
@Public()
export class HealthController {
  constructor(private readonly health: HealthRegistry) {}

  @Get('live')
  @Answers(200, LivenessView, 'The process runs')
  live(): LivenessView {
    return { status: 'up' };
  }

  @Get('ready')
  @Answers(200, ReadinessView, 'Every part that this process needs is up')
  async ready(@Res({ passthrough: true }) response: Response): Promise<ReadinessView> {
    const readiness = await this.health.readiness();
    response.setHeader('Cache-Control', 'no-store');
    response.status(readiness.status === 'up' ? 200 : 503);
    return readiness;
  }
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Controller, Get, Inject, Res, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { RequirePermission } from '../../../../platform/access/index.js';
import { APP_CONFIG, type AppConfig } from '../../../../platform/config/index.js';
import { AnswersContent, AnswersProblem, ProblemError } from '../../../../platform/http/index.js';

/** As `fetchModel` of `libs/speech` makes it beside the models. */
const FILE = 'voice-detector.bin';
const DAY_SECONDS = 86_400;

/** Gives those who send sound the ears of the live worker, so that they know what somebody waits for. */
@Controller('live')
@ApiTags('Live sessions')
export class VoiceDetectorController {
  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  @Get('voice-detector')
  @ApiOperation({
    summary: 'What the voice detector has learnt',
    description: 'The weights of Silero v5 (MIT) for 16 kHz as 32-bit numbers, for `VoiceNetwork` of the SDK: by it a sender knows what ends an utterance while the server asks for large messages (`gather`).',
  })
  @RequirePermission('recordings:write')
  @AnswersContent(200, ['application/octet-stream'], 'The weights')
  @AnswersProblem('not-found')
  async weights(@Res({ passthrough: true }) response: Response): Promise<StreamableFile> {
    const weights = await readFile(join(this.config.modelDir, FILE)).catch((cause: unknown) => {
      throw (cause as NodeJS.ErrnoException).code === 'ENOENT' ? new ProblemError('not-found', 'This server has no voice detector to give') : cause;
    });
    // The same for everybody, and nothing of anybody.
    response.setHeader('Cache-Control', `private, max-age=${DAY_SECONDS}`);
    return new StreamableFile(weights, { type: 'application/octet-stream', length: weights.length });
  }
}

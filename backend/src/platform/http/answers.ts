import { HttpCode, SerializeOptions, applyDecorators } from '@nestjs/common';
import { ApiProduces, ApiResponse } from '@nestjs/swagger';
import { type ProblemCode, problems } from '@auscult/contracts';
import type { z } from 'zod';

/**
 * What a route answers when all goes well: its status and, unless it is empty (204), the contract that the body is checked
 * and cut down to before it leaves, and that OpenAPI shows.
 * @example `@Answers(200, RecordingView)`, `@Answers(204)`
 */
export function Answers(status: number, schema?: z.ZodType, description = 'Done'): MethodDecorator {
  const parts: MethodDecorator[] = [HttpCode(status)];
  if (schema) parts.push(SerializeOptions({ schema }));
  parts.push(ApiResponse({ status, description, ...(schema ? { standardSchema: schema } : {}) }));
  return applyDecorators(...parts);
}

/** What a route answers whose body is a file or a stream: one entry for each media type. */
export function AnswersContent(status: number, mediaTypes: readonly string[], description = 'The content'): MethodDecorator {
  const bare = mediaTypes.map((type) => type.split(';')[0] ?? type);
  const content = Object.fromEntries(bare.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]));
  return applyDecorators(HttpCode(status), ApiProduces(...bare), ApiResponse({ status, description, content }));
}

/** The refusals that are particular to a route; those that every route shares are added to the document by themselves. */
export function AnswersProblem(...codes: ProblemCode[]): MethodDecorator {
  const byStatus = new Map<number, string[]>();
  for (const code of codes) byStatus.set(problems[code].status, [...(byStatus.get(problems[code].status) ?? []), `\`${code}\`: ${problems[code].title}`]);
  return applyDecorators(
    ...[...byStatus].map(([status, lines]) => ApiResponse({ status, description: lines.join('\n\n') })),
  );
}

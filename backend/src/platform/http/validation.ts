import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import type { Problem } from '@auscult/contracts';
import type { ZodType } from 'zod';
import { ProblemError } from './problem-error.js';

type Issues = Parameters<NonNullable<ConstructorParameters<typeof StandardSchemaValidationPipe>[0]>['exceptionFactory'] & {}>[0];

/** More wrong fields than this in one request are not worth listing. */
const MAX_ISSUES = 50;

/**
 * Validates every `@Body({ schema })`, `@Query({ schema })`, `@Param({ schema })` and `@MessageBody({ schema })` and hands the
 * parsed value on, so that defaults and conversions of the schema hold. What is wrong answers `request-invalid`.
 */
export class ContractValidationPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: (issues) => new ProblemError('request-invalid', undefined, describeIssues(issues)) });
  }

  /** A missing body reaches the schema as an empty object, so that the answer names the missing fields. */
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const given = value === undefined && metadata.type === 'body' && metadata.schema ? ({} as T) : value;
    const parsed: unknown = await super.transform(given, metadata);
    return (metadata.schema ? withoutNul(parsed) : parsed) as T;
  }
}

/** As the pipe does. @throws ProblemError `request-invalid` */
export function parseContract<T>(schema: ZodType<T>, value: unknown): T {
  const { success, data, error } = schema.safeParse(value);
  if (!success) throw new ProblemError('request-invalid', undefined, describeIssues(error.issues));
  return withoutNul(data);
}

function withoutNul<T>(value: T): T {
  if (holdsNul(value)) throw new ProblemError('request-invalid', 'Text must not contain the character U+0000');
  return value;
}

/** PostgreSQL text cannot hold U+0000; inside a statement it would even break the protocol. Binary data goes into no statement as text. */
function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  if (ArrayBuffer.isView(value)) return false;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsNul);
}

function describeIssues(issues: Issues): Problem['issues'] {
  return issues.slice(0, MAX_ISSUES).map((issue) => ({
    path: (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
    message: issue.message,
  }));
}

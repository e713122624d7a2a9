import { z } from 'zod';
import { type ProblemCode, problems } from './problem-codes.js';

export const problemCodes = Object.keys(problems) as [ProblemCode, ...ProblemCode[]];

/** An error body as RFC 9457 describes it, served as `application/problem+json`. */
export const Problem = z.object({
  type: z.string().describe('URI reference that names the kind of problem: /problems/<code>'),
  code: z.enum(problemCodes),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional().describe('What happened here and what to do; never holds spoken words or names'),
  requestId: z.string().optional(),
  issues: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .optional()
    .describe('One entry for each wrong field, with code request-invalid'),
});
export type Problem = z.infer<typeof Problem>;

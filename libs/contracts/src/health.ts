import { z } from 'zod';

/** GET /health/live */
export const LivenessView = z.object({ status: z.literal('up') });
export type LivenessView = z.infer<typeof LivenessView>;

/** GET /health/ready: 200 when every part is up, else 503 with the same body. */
export const ReadinessView = z.object({
  status: z.enum(['up', 'down']),
  parts: z.record(z.string(), z.enum(['up', 'down'])),
});
export type ReadinessView = z.infer<typeof ReadinessView>;

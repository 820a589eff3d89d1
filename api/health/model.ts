import { z } from 'zod';
import { describeSchema } from '../http/contract/describe-schema.ts';

export const Liveness = z.object({ live: z.literal(true) });
export type Liveness = z.infer<typeof Liveness>;
describeSchema(Liveness, {
  name: 'Liveness',
  example: { live: true },
});

const State = z.enum(['up', 'down']);
export const Readiness = z.object({ postgres: State, queue: State });
describeSchema(Readiness, {
  name: 'Readiness',
  example: { postgres: 'up', queue: 'up' },
});

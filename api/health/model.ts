import { z } from 'zod';

export const Liveness = z.object({ live: z.literal(true) });

const State = z.enum(['up', 'down']);
export const Readiness = z.object({ postgres: State, queue: State });

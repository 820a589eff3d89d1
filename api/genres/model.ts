import { z } from 'zod';

export const Genre = z.object({ id: z.int(), name: z.string() });

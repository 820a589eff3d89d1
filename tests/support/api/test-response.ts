import type { z } from 'zod';

/** A body whose shape the test knows, and checks. */
export type TestBody = z.infer<z.ZodAny>;

export interface TestResponse extends Omit<Response, 'json' | 'clone'> {
  json(): Promise<TestBody>;
  clone(): TestResponse;
}

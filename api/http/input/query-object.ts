import { z } from 'zod';

const message = 'is not a parameter of this route';
const unknown = z.string(message).refine(() => false, message);

/** The query parameters of a route: what it does not know it refuses by name, along with every other fault. */
export function queryObject<Shape extends z.ZodRawShape>(shape: Shape) {
  // The type stays the plain one: what else is given never gets past the check.
  return z.object(shape).catchall(unknown) as unknown as z.ZodObject<Shape>;
}

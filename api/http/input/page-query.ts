import { z } from 'zod';
import { queryObject } from './query-object.ts';
import { wholeNumber } from './whole-number.ts';

/** Pages reach so far into a list: each row before a page costs as much as one on it. */
export const mostReached = 10_000;

const page = wholeNumber(1, mostReached);
const limit = wholeNumber(1, 100).default(20);
const reach = `\`page\` × \`limit\` may be at most ${mostReached.toLocaleString('en-US')}.`;

/** `?page&limit`, the same on every list, beside what the list has of its own. */
export function pagedQuery<Shape extends z.ZodRawShape>(shape: Shape) {
  return queryObject({ ...shape, page: page.default(1).meta({ description: reach }), limit }).superRefine(
    (asked, context) => refuseBeyond(asked as Asked, context),
  );
}

/** The same for a list that also goes on without end, from `meta.next`. */
export function cursorQuery<Shape extends z.ZodRawShape>(shape: Shape) {
  return queryObject({
    ...shape,
    page: page.optional().meta({ default: 1, description: `${reach} Further on, use \`after\`.` }),
    limit,
    after: z.string('must be one cursor').max(4000, 'must be a cursor from meta.next').optional().meta({
      description:
        'The `meta.next` of the page before, to go on from there without end. For the same list, filters and order only, and not together with `page`.',
    }),
  }).superRefine((asked, context) => {
    const { page, after } = asked as Asked;
    if (page !== undefined && after !== undefined) refuse(context, 'after', 'must not be given with page');
    refuseBeyond(asked as Asked, context);
  });
}

interface Asked {
  page?: number;
  limit: number;
  after?: string;
}

function refuseBeyond({ page = 1, limit }: Asked, context: z.RefinementCtx): void {
  // A number out of its own bounds is told as that.
  if (limit <= 100 && page <= mostReached && page * limit > mostReached)
    refuse(context, 'page', `must be at most ${Math.floor(mostReached / limit)} with this limit`);
}

const refuse = (context: z.RefinementCtx, field: string, message: string) =>
  context.addIssue({ code: 'custom', path: [field], message });

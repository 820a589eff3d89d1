import { z } from 'zod';
import { NexusError } from '#shared/errors.ts';
import { interactionTypes } from '#shared/users/user-movie-interaction.ts';
import { ratingBounds } from '#shared/users/user-movie-rating.ts';
import { CursorPageMeta, InLanguage } from '../../http/answers/model.ts';
import { describeSchema, exampleOf } from '../../http/contract/describe-schema.ts';
import { exampleTime } from '../../http/contract/example-values.ts';
import { bodyObject } from '../../http/input/body-object.ts';
import { localeParameters } from '../../http/input/locale-query.ts';
import { TmdbIdText } from '../../http/input/movie-params.ts';
import { cursorQuery } from '../../http/input/page-query.ts';
import { TmdbIdNumber } from '../../http/input/tmdb-id-number.ts';
import { MovieListItem } from '../../movies/model.ts';

export const maxItems = 500;
/** Clocks of callers may be ahead of ours by this much. */
const maxAheadMs = 5 * 60_000;
const earliestMs = Date.UTC(1900, 0, 1);

const InteractionTypeName = z.enum(interactionTypes, `must be one of ${interactionTypes.join(', ')}`);
const momentMessage = 'must be an ISO 8601 date, or date and time with its offset, from 1900 until now';
/** A date begins before ours does where the sun rises first: `YYYY-MM-DD`, at most tomorrow by UTC. */
const dateLength = 10;
const dayMs = 86_400_000;

const Moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], momentMessage)
  .refine((text) => Date.parse(text) >= earliestMs, momentMessage);
const isAhead = (text: string, nowMs: number) =>
  Date.parse(text) > nowMs + (text.length === dateLength ? dayMs : maxAheadMs);

const { least, most } = ratingBounds;
const ratingMessage = `must be a number from ${least} to ${most}, or null`;
const Rating = z.number(ratingMessage).min(least, ratingMessage).max(most, ratingMessage).nullable();

const fields = {
  tmdb_id: TmdbIdNumber,
  type: InteractionTypeName,
  at: Moment.optional(),
  rating: Rating.optional(),
};

/** Who rates a movie has watched it. */
const isMisplaced = ({ type, rating }: { type?: string | undefined; rating?: number | null | undefined }) =>
  rating !== undefined && type !== undefined && type !== 'watched';
const misplaced = { code: 'custom', path: ['rating'], message: 'is only taken along with watched' } as const;

const Said = bodyObject(fields).superRefine((said, context) => {
  if (isMisplaced(said)) context.addIssue({ ...misplaced, path: [...misplaced.path] });
});
export type Said = z.output<typeof Said>;

const optional: ReadonlySet<string> = new Set(['at', 'rating']);

/** In words of JSON Schema. */
const absent = { not: {} };
const itemsMessage = `must be a list of 1 to ${maxItems} interactions`;

/** One interaction, or a list of them. */
export const InteractionsBody = bodyObject({
  tmdb_id: fields.tmdb_id.optional(),
  type: fields.type.optional(),
  at: fields.at,
  rating: fields.rating,
  items: z.array(Said, itemsMessage).min(1, itemsMessage).max(maxItems, itemsMessage).optional(),
})
  .superRefine((body, context) => {
    const refuse = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message });
    if (isMisplaced(body)) refuse('rating', misplaced.message);
    for (const field of ['tmdb_id', 'type', 'at', 'rating'] as const) {
      if (body.items !== undefined && body[field] !== undefined)
        refuse(field, 'must not be given together with items');
      if (body.items === undefined && body[field] === undefined && !optional.has(field))
        refuse(field, 'is required unless items is given');
    }
  })
  .meta({
    oneOf: [
      { required: ['tmdb_id', 'type'], properties: { items: absent } },
      { required: ['items'], properties: { tmdb_id: absent, type: absent, at: absent, rating: absent } },
    ],
  });
describeSchema(InteractionsBody, {
  example: {
    items: [
      { tmdb_id: exampleOf(MovieListItem).tmdb_id, type: 'liked' },
      { tmdb_id: exampleOf(MovieListItem).tmdb_id, type: 'watched', at: '2024-05-01', rating: 4.5 },
    ],
  },
});
export type InteractionsBody = z.output<typeof InteractionsBody>;

/**
 * Either form of the body as a list.
 * @param nowMs by the database's clock
 * @throws {NexusError} `invalid_input` for a time that lies ahead
 */
export function saidOf(body: InteractionsBody, nowMs: number): Said[] {
  const said = listOf(body);
  const details = said.flatMap(({ at }, place) =>
    at !== undefined && isAhead(at, nowMs)
      ? [{ path: body.items === undefined ? 'at' : `items.${place}.at`, message: momentMessage }]
      : [],
  );
  if (details.length > 0)
    throw new NexusError('invalid_input', 'Some of the input is not valid.', { details });
  return said;
}

function listOf({ items, tmdb_id, type, at, rating }: InteractionsBody): Said[] {
  if (items !== undefined) return items;
  return tmdb_id === undefined || type === undefined ? [] : [{ tmdb_id, type, at, rating }];
}

export const InteractionsQuery = cursorQuery({
  ...localeParameters,
  type: InteractionTypeName.optional(),
});
export type InteractionsQuery = z.output<typeof InteractionsQuery>;

export const InteractionParams = z.object({ tmdb_id: TmdbIdText, type: InteractionTypeName });

const count = z.int().min(0);

export const InteractionsSaved = z.object({
  added: count.meta({ description: 'Items that are saved now and were not before.' }),
  unchanged: count.meta({ description: 'All other items: already saved, or replaced by a later opinion.' }),
});
describeSchema(InteractionsSaved, {
  name: 'InteractionsSaved',
  example: { added: 1, unchanged: 0 },
});

export const Interaction = z.object({
  tmdb_id: z.int(),
  type: z.enum(interactionTypes),
  at: z.iso.datetime(),
  rating: z
    .number()
    .optional()
    .meta({ description: 'What you rated it, with watched. Absent if you did not.' }),
  absent: z.literal(true).optional().meta({
    description: 'TMDb has no movie with this id. Such an interaction is kept, and counts nowhere.',
  }),
  movie: MovieListItem.nullable().meta({ description: 'Null while nothing is known about the movie.' }),
});
export type Interaction = z.infer<typeof Interaction>;
describeSchema(Interaction, {
  name: 'Interaction',
  example: {
    tmdb_id: exampleOf(MovieListItem).tmdb_id,
    type: 'liked',
    at: exampleTime,
    movie: exampleOf(MovieListItem),
  },
});

export const InteractionsMeta = CursorPageMeta.extend(InLanguage.shape);
export type InteractionsMeta = z.infer<typeof InteractionsMeta>;
describeSchema(InteractionsMeta, {
  name: 'InteractionsMeta',
  example: { ...exampleOf(CursorPageMeta), ...exampleOf(InLanguage) },
});

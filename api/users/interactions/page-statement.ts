import { z } from 'zod';
import { empty, type Fragment, type PlaceholdersOf, prepared, raw, sql } from '#shared/db/sql.ts';
import { isYoungEnough } from '#shared/movies/freshness.ts';
import { isAbsent } from '#shared/movies/is-absent.ts';
import { type InteractionType, interactionTypes } from '#shared/users/user-movie-interaction.ts';
import { isoTime } from '../../http/answers/iso-time.ts';
import { isAfter, orderOf, type SortColumn } from '../../store/keyset.ts';
import { MomentKey, momentKey, momentOf } from '../../store/moments.ts';
import { type Flags, flagsColumn } from '../../viewer/flags.ts';
import type { Interaction } from './model.ts';

/** When, which movie, which type. */
export const InteractionKey = z.tuple([MomentKey, z.int().min(1), z.enum(interactionTypes)]);
export type InteractionKey = z.infer<typeof InteractionKey>;

export interface StoredInteraction extends Omit<Interaction, 'rating' | 'absent' | 'movie'> {
  rating: number | null;
  absent: boolean;
  /** Whether there is something to show of the movie. */
  shown: boolean;
  /** All that the user has said of the movie. */
  flags: Flags;
}

export interface InteractionPage {
  total: number;
  items: StoredInteraction[];
  /** Of the last item, if there are more. */
  next_key: InteractionKey | null;
}

interface AskedPage {
  userId: string;
  type: InteractionType | null;
  limit: number;
}

const newestFirst: SortColumn[] = [
  { sql: 'i.created_at', type: 'timestamptz', descending: true },
  { sql: 'i.movie_id', type: 'bigint', descending: true },
  { sql: 'i.interaction_type', type: 'text', descending: false },
];
const by = raw(orderOf(newestFirst));

const pageOf = (
  { userId, type, limit }: PlaceholdersOf<AskedPage>,
  { after = empty, offset = empty }: { after?: Fragment; offset?: Fragment },
): Fragment => sql`
  with ahead as materialized (
    select i.*, row_number() over (order by ${by}) as place from user_movie_interactions i
    where i.user_id = ${userId} and (${type}::text is null or i.interaction_type = ${type})${after}
    order by ${by} limit ${limit}::bigint + 1${offset}
  ),
  page as materialized (select * from ahead i order by i.place limit ${limit}::bigint)
  select
    (select count(*)::int from user_movie_interactions i
      where i.user_id = ${userId} and (${type}::text is null or i.interaction_type = ${type})) as total,
    case when (select count(*) from ahead) > ${limit}::bigint then (
      select json_build_array(${momentKey('i.created_at')}, i.movie_id, i.interaction_type)
      from page i order by i.place desc limit 1
    ) end as next_key,
    array_to_json(array(
      select row_to_json(item) from (
        select m.tmdb_id, i.interaction_type as type, ${isoTime('least(i.created_at, now())')} as at,
          case when i.interaction_type = 'watched' then (select r.rating from user_movie_ratings r
            where r.user_id = i.user_id and r.movie_id = i.movie_id) end as rating,
          ${isAbsent('m')} as absent,
          (m.state in ('listed', 'detailed') or m.title <> '') and ${isYoungEnough('m')} as shown,
          ${flagsColumn('m', userId)} as flags
        from page i join movies m on m.id = i.movie_id
        order by i.place
      ) item
    )) as items`;

export const pageStatement = prepared<AskedPage & { offset: number }, InteractionPage>(
  'api-interactions',
  ({ offset, userId, type, limit }) =>
    pageOf({ userId, type, limit }, { offset: sql` offset ${offset}::bigint` }),
);

export const pageAfterStatement = prepared<
  AskedPage & { at: number; movieId: number; ofType: InteractionType },
  InteractionPage
>('api-interactions-after', ({ userId, type, limit, at, movieId, ofType }) =>
  pageOf(
    { userId, type, limit },
    {
      // The first condition says no more than the second, and can be looked up in the index.
      after: sql` and (i.created_at, i.movie_id) <= (${momentOf(at)}, ${movieId}::bigint)
        and ${isAfter(newestFirst, [momentOf(at), movieId, ofType])}`,
    },
  ),
);

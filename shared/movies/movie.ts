import { defineEntity, p } from '@mikro-orm/core';
import { soonMerged } from '#shared/db/soon-merged.ts';
import { appealOf, ratingOf, shownStates } from './appeal.ts';
import { Collection } from './collection.ts';
import { foldedTitleSql } from './folded-title-sql.ts';
import { sampledText } from './sampled-movies.ts';

/**
 * `unknown`: an id and perhaps a name; `listed`: what a TMDb list said; `detailed`: whole;
 * `gone`: deleted at TMDb; `purged`: its TMDb content was too old to keep.
 */
export const movieStates = ['unknown', 'listed', 'detailed', 'gone', 'purged'] as const;
export type MovieState = (typeof movieStates)[number];

/**
 * Why `details` should fill a movie: 1 trending, readers or users; 2 the popular pages; 3 the daily export.
 * `null`: known only as somebody's relation. A mirror of scope n fills 1…n.
 */
export const scopeRank = { trending: 1, popular: 2, full: 3 } as const;

export const Movie = defineEntity({
  name: 'Movie',
  tableName: 'movies',
  properties: {
    id: p.bigint().primary().autoincrement(),
    tmdb_id: p.integer().unique(),
    state: p.string().length(16).$type<MovieState>().default('unknown'),
    scope: p.smallint().nullable(),
    title: p.string().length(255),
    /** The whole title where it is longer than `title` can hold. */
    long_title: p.text().nullable(),
    original_title: p.text().nullable(),
    overview: p.text().nullable(),
    tagline: p.text().nullable(),
    poster_path: p.string().length(255).nullable(),
    backdrop_path: p.string().length(255).nullable(),
    release_date: p.date().nullable(),
    runtime: p.integer().nullable(),
    status: p.text().nullable(),
    original_language: p.text().nullable(),
    imdb_id: p.text().nullable(),
    homepage: p.text().nullable(),
    adult: p.boolean().nullable(),
    popularity: p.float().columnType('double precision').nullable(),
    vote_average: p.float().columnType('double precision').nullable(),
    vote_count: p.integer().nullable(),
    budget: p.bigint().nullable(),
    revenue: p.bigint().nullable(),
    certification: p.text().nullable(),
    /** One for each genre it has (`genre-bits.ts`), as `movie_genres` says; null: it has none. */
    genre_bits: p.bigint().nullable(),
    /** One for each country that had a part in making it (`country-bits.ts`), as `movie_terms` says. */
    country_bits: p.bigint().nullable(),
    /** What it is sorted by: the title, folded. */
    title_key: p.text().generated('(search_key(search_text(coalesce(long_title, title)))) stored'),
    collection: () =>
      p
        .manyToOne(Collection)
        .joinColumn('collection_id')
        .nullable()
        .deleteRule('set null')
        .updateRule('no action'),
    trailers: p.json().nullable(),
    /** Of the mapped answer, so that a refresh which brings nothing new is seen as such. */
    content_hash: p.string().length(32).nullable(),
    /** Of its parts as they were sent; null: not all could be read. */
    parts_hash: p.bigint().nullable(),
    /** By which rules its parts were mapped (`parts-version.ts`); null: it has no parts. */
    parts_version: p.integer().nullable(),
    /**
     * A detailed movie as the api answers with it in English and for the US (`stored-answer.ts`): what most reads need,
     * and nearly all that any other needs. It lies outside of the row.
     */
    answer: p.text().nullable().lazy(),
    /** What the answer was made of (`answer-made-of.ts`). Where the movie is made of something else now, it is outdated. */
    answer_made_of: p.bigint().nullable(),
    /** When TMDb gave the content this row holds. */
    fetched_at: p.datetime().columnType('timestamptz').nullable(),
    /** When `details` last took it up. Null again after a success. */
    attempted_at: p.datetime().columnType('timestamptz').nullable(),
    /** When its details are due again by the rule (`refresh-plan.ts`); null: at once. */
    refresh_due_at: p.datetime().columnType('timestamptz').nullable(),
    /** Since when TMDb is known to have changed it; null again after a success. */
    changed_at: p.datetime().columnType('timestamptz').nullable(),
    /** When its change was last marked, so that the same entry of TMDb's feed is not marked each time. */
    change_seen_at: p.datetime().columnType('timestamptz').nullable(),
    gone_at: p.datetime().columnType('timestamptz').nullable(),
    created_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
    /** When last synced with TMDb. */
    updated_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
  },
  checks: [
    {
      name: 'movies_state_check',
      expression: `state in (${movieStates.map((state) => `'${state}'`).join(', ')})`,
    },
    { name: 'movies_scope_check', expression: 'scope >= 1 and scope <= 3' },
    { name: 'movies_tmdb_id_check', expression: 'tmdb_id > 0' },
  ],
  indexes: [
    {
      name: 'movies_poster_path_index',
      expression:
        'create index movies_poster_path_index on movies using hash (poster_path) where poster_path is not null',
    },
    {
      name: 'movies_backdrop_path_index',
      expression:
        'create index movies_backdrop_path_index on movies using hash (backdrop_path) where backdrop_path is not null',
    },
    {
      name: 'movies_to_detail_index',
      expression:
        "create index movies_to_detail_index on movies (scope, popularity desc nulls last, id) where scope is not null and state in ('unknown', 'listed', 'purged')",
    },
    {
      name: 'movies_detailed_fetched_at_index',
      expression:
        "create index movies_detailed_fetched_at_index on movies (scope, fetched_at) where state = 'detailed'",
    },
    {
      name: 'movies_refresh_due_at_index',
      expression:
        "create index movies_refresh_due_at_index on movies (scope, refresh_due_at) where state = 'detailed'",
    },
    {
      name: 'movies_detailed_release_date_index',
      expression:
        "create index movies_detailed_release_date_index on movies (release_date) where state = 'detailed'",
    },
    {
      name: 'movies_appeal_index',
      expression: `create index movies_appeal_index on movies (${appealOf('')} desc, tmdb_id) where ${shownStates}`,
    },
    {
      name: 'movies_language_appeal_index',
      expression: `create index movies_language_appeal_index on movies (original_language, ${appealOf('')} desc, tmdb_id) where ${shownStates} and original_language is not null`,
    },
    { name: 'movies_fetched_at_index', properties: ['fetched_at'] },
    {
      name: 'movies_without_parts_index',
      expression:
        "create index movies_without_parts_index on movies (scope, popularity desc nulls last, id) where state = 'detailed' and parts_version is null",
    },
    {
      name: 'movies_parts_version_index',
      expression:
        "create index movies_parts_version_index on movies (parts_version, id) where state = 'detailed'",
    },
    {
      name: 'movies_changed_at_index',
      expression:
        "create index movies_changed_at_index on movies (changed_at, id) where state = 'detailed' and changed_at is not null",
    },
    {
      name: 'movies_change_seen_at_index',
      expression:
        'create index movies_change_seen_at_index on movies (change_seen_at desc, tmdb_id) where change_seen_at is not null',
    },
    {
      name: 'movies_gone_at_index',
      expression: 'create index movies_gone_at_index on movies (gone_at) where gone_at is not null',
    },
    // Filters on what comes after the id are judged in the index, before any row is read.
    {
      name: 'movies_by_popularity_votes_index',
      expression:
        "create index movies_by_popularity_votes_index on movies (popularity desc nulls last, tmdb_id, vote_count) include (id, adult, certification, release_date, vote_average, genre_bits, country_bits, original_language, runtime) where state in ('listed', 'detailed')",
    },
    {
      name: 'movies_by_vote_average_index',
      expression: `create index movies_by_vote_average_index on movies ((case when vote_count = 0 then null else vote_average end) desc nulls last, vote_count desc nulls last, tmdb_id) include (id, adult, certification, release_date, vote_average, genre_bits, country_bits, original_language, runtime) where ${shownStates}`,
    },
    {
      name: 'movies_by_rating_index',
      expression: `create index movies_by_rating_index on movies (${ratingOf('')} desc nulls last, vote_count desc nulls last, tmdb_id, vote_average) include (id, adult, certification, release_date, genre_bits, country_bits, original_language, runtime) where ${shownStates}`,
    },
    {
      name: 'movies_by_vote_count_index',
      expression: `create index movies_by_vote_count_index on movies (vote_count desc, tmdb_id) include (id, adult, certification, release_date, vote_average, genre_bits, country_bits, original_language, runtime) where ${shownStates}`,
    },
    {
      name: 'movies_by_release_date_index',
      expression: `create index movies_by_release_date_index on movies (release_date desc nulls last, tmdb_id) include (id, popularity, adult, certification, vote_average, vote_count, genre_bits, country_bits, original_language, runtime) where ${shownStates}`,
    },
    // For `min_vote`, which the order by rating cannot answer: it puts what nobody has voted on last.
    {
      name: 'movies_vote_average_index',
      expression: `create index movies_vote_average_index on movies (vote_average) include (id, tmdb_id, popularity, adult, certification, release_date, vote_count, genre_bits, country_bits, original_language, runtime) where ${shownStates}`,
    },
    // `bit_places` says which bits are set: a few movies that have several genres are found at once.
    {
      name: 'movies_genre_places_index',
      expression: `create index movies_genre_places_index on movies using gin (bit_places(genre_bits)) ${soonMerged} where ${shownStates}`,
    },
    {
      name: 'movies_by_title_index',
      expression: `create index movies_by_title_index on movies (title_key, tmdb_id) include (id, adult, certification, release_date, vote_average, vote_count, genre_bits, country_bits, original_language, runtime) where ${shownStates}`,
    },
    // Some ten thousand movies that have a keyword are judged and sorted without their rows.
    {
      name: 'movies_by_id_index',
      expression: `create index movies_by_id_index on movies (id) include (tmdb_id, popularity, title_key, adult, certification, release_date, vote_average, vote_count, genre_bits, country_bits, original_language, runtime) where ${shownStates}`,
    },
    // Where many movies would have to be counted, one of sixteen is.
    {
      name: 'movies_sample_index',
      expression: `create index movies_sample_index on movies (id) include (tmdb_id, adult, certification, release_date, vote_average, vote_count, genre_bits, country_bits, original_language, runtime, revenue) where ${shownStates} and ${sampledText('id')}`,
    },
    // What `/3/discover/movie` is asked for besides.
    {
      name: 'movies_by_revenue_index',
      expression: `create index movies_by_revenue_index on movies (revenue desc nulls last, tmdb_id) include (id, adult, certification, release_date, vote_average, vote_count, genre_bits, country_bits, original_language, runtime) where ${shownStates} and revenue > 0`,
    },
    {
      name: 'movies_runtime_index',
      expression: `create index movies_runtime_index on movies (runtime) where ${shownStates} and runtime > 0`,
    },
    {
      name: 'movies_certification_index',
      expression: `create index movies_certification_index on movies (certification) where ${shownStates} and certification is not null`,
    },
    { name: 'movies_collection_id_index', properties: ['collection'] },
    { name: 'movies_imdb_id_index', properties: ['imdb_id'] },
    // Titles as people write them elsewhere: found without regard to case, accents and punctuation.
    {
      name: 'movies_folded_title_index',
      expression: `create index movies_folded_title_index on movies ((${foldedTitleSql('title')})) where state in ('listed', 'detailed')`,
    },
    {
      name: 'movies_folded_original_title_index',
      expression: `create index movies_folded_original_title_index on movies ((${foldedTitleSql('original_title')})) where state in ('listed', 'detailed') and original_title <> title`,
    },
  ],
  triggers: [
    {
      name: 'movies_keep_title',
      timing: 'after',
      events: ['insert', 'update'],
      forEach: 'row',
      // Compared here, since most updates only move `fetched_at`: calling a function for each would cost more.
      body: `if (old.title, old.long_title, old.original_title, old.state in ('listed', 'detailed'), old.popularity >= 10, old.popularity >= 2, old.vote_count >= 1000, old.vote_count >= 100) is distinct from (new.title, new.long_title, new.original_title, new.state in ('listed', 'detailed'), new.popularity >= 10, new.popularity >= 2, new.vote_count >= 1000, new.vote_count >= 100) then perform keep_movie_title(new); end if; return null;`,
    },
  ],
});

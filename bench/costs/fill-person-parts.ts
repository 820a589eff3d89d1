import { packPart } from '#shared/movies/stored-parts.ts';
import type { Database } from '#shared/orm/database.ts';

/** What the worker keeps of people whom somebody asked for: films, texts in many languages, and some portraits. */
export async function fillPersonParts(
  database: Database,
  people: readonly { id: number; films: number }[],
): Promise<void> {
  for (const { id, films } of people) {
    const credits = await creditsOf(database, films);
    const parts = {
      details: detailsOf(id),
      movie_credits: credits,
      combined_credits: {
        cast: credits.cast.map((row) => ({ ...row, media_type: 'movie' })),
        crew: credits.crew.map((row) => ({ ...row, media_type: 'movie' })),
      },
      images: { profiles: Array.from({ length: 10 }, (_, n) => portraitOf(id, n)) },
      external_ids: { imdb_id: `nm${1_000_000 + id}`, facebook_id: null, wikidata_id: `Q${id}` },
      translations: { translations: languages.map((language) => translationOf(id, language)) },
    };
    for (const [part, content] of Object.entries(parts)) {
      const text = JSON.stringify(content);
      await database.pool.query(
        `insert into record_parts (kind, id, part, body) values ('person', $1, $2, $3)
          on conflict (kind, id, part) do update set body = excluded.body`,
        [id, part, Buffer.from(await packPart(text))],
      );
    }
  }
}

const languages = 'de fr es it pt nl sv da fi pl cs hu ro ru uk tr el he ar fa hi ja ko zh'.split(' ');
const biography = 'Born in a small town by the sea, and never far from a camera since. '.repeat(12);

const detailsOf = (id: number) => ({
  ...{ id, name: `Person ${id}`, biography, adult: false, gender: 1, also_known_as: ['P.'], homepage: null },
  ...{ birthday: '1970-01-01', deathday: null, imdb_id: `nm${1_000_000 + id}`, popularity: 10 },
  ...{ known_for_department: 'Acting', place_of_birth: 'Somewhere', profile_path: `/${id}-0.jpg` },
});

const portraitOf = (id: number, n: number) => ({
  ...{ aspect_ratio: 0.667, height: 1500, width: 1000, iso_639_1: null, file_path: `/${id}-${n}.jpg` },
  ...{ vote_average: 5, vote_count: 3 },
});

const translationOf = (id: number, language: string) => ({
  ...{ iso_639_1: language, iso_3166_1: language.toUpperCase(), name: language, english_name: language },
  data: { name: `Person ${id}`, biography },
});

async function creditsOf({ pool }: Database, films: number) {
  const { rows } = await pool.query<Record<string, unknown>>(
    `select tmdb_id as id, title, original_title, original_language, overview, popularity, vote_average, vote_count,
        release_date::text, adult, poster_path, backdrop_path, array[18, 35] as genre_ids, false as video
      from movies where state = 'detailed' order by tmdb_id limit $1`,
    [films],
  );
  const as = (kind: string, more: object) => (row: Record<string, unknown>, n: number) => ({
    ...{ ...row, credit_id: `${kind}-${row.id}`, order: n },
    ...more,
  });
  const isCast = (_: unknown, n: number) => n % 5 > 0;
  return {
    cast: rows.filter(isCast).map(as('cast', { character: 'Somebody' })),
    crew: rows
      .filter((row, n) => !isCast(row, n))
      .map(as('crew', { department: 'Directing', job: 'Director' })),
  };
}

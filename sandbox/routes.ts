import { type Catalogue, firstPageJson, pageOfIds } from './catalogue.ts';
import { answerChanges, answerPeopleChanges } from './changes.ts';
import { collectionJson, companyJson } from './collection-details.ts';
import { configuration } from './configuration.ts';
import { refuse } from './errors.ts';
import type { Relation } from './generated-relations.ts';
import { genres } from './genres.ts';
import { peoplePage, personJson, personOfImdb } from './person-details.ts';
import { referenceLists } from './reference.ts';
import { type RegionalList, regionalLists, regionalPage } from './regional-lists.ts';
import { discoverMovies, searchMovies } from './search.ts';
import { namedKinds, searchNamed, searchPeople } from './search-names.ts';
import { allParts, type Part, type WirePage, type WireParts } from './wire.ts';

const MOST_PARTS = 20;
const LARGEST_ID = 2_147_483_647;
const LAST_PAGE = 500;

type Answer = (catalogue: Catalogue, query: URLSearchParams, id: number, nowMs: number) => Response;

/** Answers with one page of a list, or refuses what TMDb would refuse. */
function paged(
  list: (
    catalogue: Catalogue,
    query: URLSearchParams,
    page: number,
    id: number,
  ) => WirePage<unknown> | undefined,
): Answer {
  return (catalogue, query, id) => {
    const page = Number(query.get('page') ?? '1');
    if (!Number.isInteger(page) || page < 1 || page > LAST_PAGE) return refuse(22);
    const answer = list(catalogue, query, page, id);
    return answer === undefined ? refuse(5) : Response.json(answer);
  };
}

const withMediaType = (page: WirePage) => ({
  ...page,
  results: page.results.map((row) => ({ ...row, media_type: 'movie' })),
});

const isPart = (name: string): name is Part => allParts.some((part) => part === name);

const isRelation = (part: Part): part is Relation => part === 'recommendations' || part === 'similar';

/** Of what it recommends TMDb says that it is a movie, of what is similar it does not. */
const isMarked = (relation: Relation) => relation === 'recommendations';
const markedEnd = Buffer.from(',"media_type":"movie"}');
const marked = (row: Buffer<ArrayBuffer> | undefined) =>
  row && Buffer.concat([row.subarray(0, -1), markedEnd]);

/** Videos come in English, unless others are asked for. */
function videosAsked({ results }: WireParts['videos'], query: URLSearchParams): WireParts['videos'] {
  const asked = (query.get('include_video_language') ?? 'en').split(',');
  return { results: results.filter((video) => asked.includes(video.iso_639_1 ?? 'null')) };
}

/** The movie as JSON. Rows of its relations are put in as they are where they are at hand as JSON. */
function movieJson(
  catalogue: Catalogue,
  id: number,
  { parts, query }: { parts: readonly Part[]; query: URLSearchParams },
): string | Buffer<ArrayBuffer> | undefined {
  const { rowJson } = catalogue;
  const relations = rowJson ? parts.filter(isRelation) : [];
  const movie = catalogue.details(
    id,
    parts.filter((name) => !relations.some((relation) => relation === name)),
  );
  if (!movie) return undefined;
  if (movie.videos) movie.videos = videosAsked(movie.videos, query);
  if (movie.recommendations) movie.recommendations = withMediaType(movie.recommendations);
  const text = JSON.stringify(movie);
  if (!rowJson || relations.length === 0) return text;
  const pieces = [Buffer.from(text.slice(0, -1))];
  for (const relation of relations) {
    const json = isMarked(relation) ? (row: number) => marked(rowJson(row)) : rowJson;
    pieces.push(Buffer.from(`,"${relation}":`), ...firstPageJson(json, catalogue.related(id, relation)));
  }
  pieces.push(Buffer.from('}'));
  return Buffer.concat(pieces);
}

const json = { headers: { 'content-type': 'application/json;charset=utf-8' } };

const details: Answer = (catalogue, query, id) => {
  const names = (query.get('append_to_response') ?? '').split(',').filter((name) => name !== '');
  if (names.length > MOST_PARTS) return refuse(27);
  const body = movieJson(catalogue, id, { parts: [...new Set(names.filter(isPart))], query });
  return body === undefined ? refuse(34) : new Response(body, json);
};

const part =
  (name: Part): Answer =>
  (catalogue, query, id) => {
    const found = catalogue.details(id, [name]);
    if (found?.videos) found.videos = videosAsked(found.videos, query);
    return found ? Response.json({ id, ...found[name] }) : refuse(34);
  };

const related =
  (relation: Relation): Answer =>
  (catalogue, query, id, nowMs) => {
    if (!catalogue.details(id, [])) return refuse(34);
    const list = paged(() => {
      const page = pageOfIds(catalogue, catalogue.related(id, relation), Number(query.get('page') ?? '1'));
      return isMarked(relation) ? withMediaType(page) : page;
    });
    return list(catalogue, query, id, nowMs);
  };

const regional = (list: RegionalList) =>
  paged((catalogue, query, page) =>
    regionalPage(list, { catalogue, page, region: query.get('region') ?? 'US' }),
  );

/** Invented names, so that each can be told from the English one. */
const genresIn = (language: string | null) =>
  language === null || language.startsWith('en')
    ? genres
    : genres.map(({ id, name }) => ({ id, name: `${name} (${language})` }));

const appendedTo = (query: URLSearchParams) => (query.get('append_to_response') ?? '').split(',');

const person: Answer = (catalogue, query, id) => {
  const found = personJson(catalogue, id, appendedTo(query));
  return found === undefined ? refuse(34) : Response.json(found);
};

const collection: Answer = (catalogue, query, id) => {
  const found = collectionJson(catalogue, id, appendedTo(query));
  return found === undefined ? refuse(34) : Response.json(found);
};

const company: Answer = (catalogue, _query, id) => {
  const found = companyJson(catalogue, id);
  return found === undefined ? refuse(34) : Response.json(found);
};

const trending = (window: 'day' | 'week') =>
  paged((catalogue, _query, page) => withMediaType(pageOfIds(catalogue, catalogue.trending(window), page)));

/** Whose ids TMDb can be asked for. */
const externalSources = 'imdb facebook instagram tvdb tiktok twitter wikidata youtube'
  .split(' ')
  .map((name) => `${name}_id`);

const find: Answer = (catalogue, query) => {
  const source = query.get('external_source') ?? '';
  if (!externalSources.includes(source)) return refuse(5);
  const id = source === 'imdb_id' ? catalogue.idByImdb(query.get('imdb_id') ?? '') : undefined;
  const row = id === undefined ? undefined : catalogue.row(id);
  return Response.json({
    movie_results: row ? [{ ...row, media_type: 'movie' }] : [],
    person_results: source === 'imdb_id' ? personOfImdb(catalogue, query.get('imdb_id') ?? '') : [],
    tv_results: [],
    tv_episode_results: [],
    tv_season_results: [],
  });
};

/** Every resource the stand-in has, by the template that stands for it in statistics and fault rules. */
const answers: Readonly<Record<string, Answer>> = {
  '/authentication': () => Response.json({ success: true, status_code: 1, status_message: 'Success.' }),
  '/configuration': () => Response.json(configuration),
  '/genre/movie/list': (_catalogue, query) => Response.json({ genres: genresIn(query.get('language')) }),
  '/trending/movie/day': trending('day'),
  '/trending/movie/week': trending('week'),
  ...Object.fromEntries(regionalLists.map((list) => [`/movie/${list}`, regional(list)])),
  '/movie/latest': (catalogue, query, _id, nowMs) =>
    details(catalogue, query, catalogue.idAt(catalogue.size - 1), nowMs),
  '/person/popular': paged((catalogue, _query, page) => peoplePage(catalogue, 'popular', page)),
  '/trending/person/day': paged((catalogue, _query, page) => peoplePage(catalogue, 'day', page)),
  '/trending/person/week': paged((catalogue, _query, page) => peoplePage(catalogue, 'week', page)),
  ...Object.fromEntries(
    Object.entries(referenceLists).map(([path, list]) => [path, () => Response.json(list)]),
  ),
  '/movie/changes': (catalogue, query, _id, nowMs) => answerChanges(catalogue, query, nowMs),
  '/person/changes': (catalogue, query, _id, nowMs) => answerPeopleChanges(catalogue, query, nowMs),
  '/search/movie': paged(searchMovies),
  '/search/person': paged((catalogue, query, page) => searchPeople(catalogue, query, page)),
  ...Object.fromEntries(
    namedKinds.map((kind) => [
      `/search/${kind}`,
      paged((catalogue, query, page) => searchNamed(kind, { catalogue, query, page })),
    ]),
  ),
  '/discover/movie': paged(discoverMovies),
  '/find/{imdb_id}': find,
  '/movie/{id}': details,
  '/movie/{id}/recommendations': related('recommendations'),
  '/movie/{id}/similar': related('similar'),
  '/movie/{id}/credits': part('credits'),
  '/movie/{id}/keywords': part('keywords'),
  '/movie/{id}/release_dates': part('release_dates'),
  '/movie/{id}/videos': part('videos'),
  '/movie/{id}/external_ids': part('external_ids'),
  '/movie/{id}/images': part('images'),
  '/movie/{id}/translations': part('translations'),
  '/movie/{id}/alternative_titles': part('alternative_titles'),
  '/movie/{id}/reviews': part('reviews'),
  '/movie/{id}/watch/providers': part('watch/providers'),
  '/person/{id}': person,
  '/collection/{id}': collection,
  '/company/{id}': company,
};

export interface Route {
  template: string;
  /** The id as the path has it, where the template has one. */
  id: string | undefined;
}

const movieRoute = /^\/movie\/([^/]+)(\/[^/]+|\/watch\/providers)?$/;
const otherRoute = /^\/(person|collection|company)\/([^/]+)$/;

/** Names the resource of a path below `/3`; unknown ones have the template `unknown`. */
export function routeOf(path: string): Route {
  if (path in answers) return { template: path, id: undefined };
  const movie = movieRoute.exec(path);
  const template = movie ? `/movie/{id}${movie[2] ?? ''}` : '';
  if (template in answers) return { template, id: movie?.[1] };
  const other = otherRoute.exec(path);
  if (other !== null) return { template: `/${other[1]}/{id}`, id: other[2] };
  if (path.startsWith('/find/')) return { template: '/find/{imdb_id}', id: path.slice('/find/'.length) };
  return { template: 'unknown', id: undefined };
}

export function answerRoute(
  catalogue: Catalogue,
  { template, id }: Route,
  query: URLSearchParams,
  nowMs: number,
): Response {
  const answer = answers[template];
  if (!answer) return refuse(34);
  if (id === undefined) return answer(catalogue, query, 0, nowMs);
  if (template === '/find/{imdb_id}') {
    const asked = new URLSearchParams(query);
    asked.set('imdb_id', decodeURIComponent(id));
    return answer(catalogue, asked, 0, nowMs);
  }
  const byImdb = id.startsWith('tt') ? catalogue.idByImdb(id) : undefined;
  const movieId = byImdb ?? Number(id);
  if (!Number.isInteger(movieId) || movieId < 0) return refuse(6);
  if (movieId > LARGEST_ID) return refuse(44);
  return answer(catalogue, query, movieId, nowMs);
}

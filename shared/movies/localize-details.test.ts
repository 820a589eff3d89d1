import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { localizeDetails } from './localize-details.ts';

type Json = Record<string, unknown>;

const data = (more: Json = {}) => ({
  title: '',
  overview: '',
  tagline: '',
  homepage: '',
  runtime: 0,
  ...more,
});
const translation = (language: string, more: Json = {}) => ({
  iso_639_1: language.slice(0, 2),
  iso_3166_1: language.slice(3),
  data: data(more),
});
const poster = (iso_639_1: string | null, file_path: string) => ({ iso_639_1, file_path });

const parts = {
  details: {
    id: 1,
    genres: [{ id: 18, name: 'Drama' }],
    title: 'The Keeper',
    overview: 'English.',
    tagline: 'Yes.',
    homepage: 'https://en.test',
    runtime: 100,
    original_title: 'De wachter',
    original_language: 'nl',
    poster_path: '/en.jpg',
    backdrop_path: '/b.jpg',
  },
  translations: {
    translations: [
      translation('de-DE', { title: 'Der Wärter', overview: 'Deutsch.', runtime: 98 }),
      translation('pt-BR', { title: 'O guarda (BR)' }),
      translation('pt-PT', { title: 'O guarda (PT)' }),
      translation('fr-CA', { title: 'Le gardien (CA)' }),
      translation('fr-FR', { overview: 'Français.' }),
    ],
  },
  images: {
    posters: [
      poster('ko', '/ko.jpg'),
      poster('en', '/en.jpg'),
      poster('de', '/de.jpg'),
      poster('nl', '/nl.jpg'),
    ],
  },
};
const shown = (language: string, options: Partial<Parameters<typeof localizeDetails>[1]> = {}) => {
  const found = localizeDetails(parts, { language, ...options });
  return [found.title, found.overview, found.tagline, found.homepage, found.runtime, found.poster_path];
};

describe('as TMDb does it', () => {
  test.each([
    ['de-DE', ['Der Wärter', 'Deutsch.', '', '', 98, '/de.jpg']],
    ['de', ['Der Wärter', 'Deutsch.', '', '', 98, '/de.jpg']],
    ['de-AT', ['De wachter', '', '', '', 100, '/de.jpg']],
    ['pt', ['O guarda (PT)', '', '', '', 100, '/nl.jpg']],
    ['pt-BR', ['O guarda (BR)', '', '', '', 100, '/nl.jpg']],
    ['fr', ['De wachter', 'Français.', '', '', 100, '/nl.jpg']],
    ['nl-NL', ['De wachter', '', '', '', 100, '/nl.jpg']],
    ['ja-JP', ['De wachter', '', '', '', 100, '/nl.jpg']],
    ['en-US', ['The Keeper', 'English.', 'Yes.', 'https://en.test', 100, '/en.jpg']],
    ['en', ['The Keeper', 'English.', 'Yes.', 'https://en.test', 100, '/en.jpg']],
  ])('%s', (language, expected) => {
    expect(shown(language)).toEqual(expected);
  });

  test('all keys stay, in their order, and only what a language says is another', () => {
    const german = localizeDetails(parts, { language: 'de', genreNames: new Map([[18, 'Drama (de)']]) });
    expect(Object.keys(german)).toEqual(Object.keys(parts.details));
    expect(german).toMatchObject({ backdrop_path: '/b.jpg', genres: [{ id: 18, name: 'Drama (de)' }] });
    expect(localizeDetails(parts, { language: 'de', genreNames: new Map() }).genres).toEqual(
      parts.details.genres,
    );
  });

  test('without any picture in the language or the film’s own, the first is the poster', () => {
    const images = { posters: [poster('ko', '/ko.jpg'), poster('en', '/en.jpg')] };
    expect(localizeDetails({ ...parts, images }, { language: 'de' }).poster_path).toBe('/ko.jpg');
    expect(localizeDetails({ ...parts, images: {} }, { language: 'de' }).poster_path).toBe('/en.jpg');
  });
});

test('by the rule of /api nothing stays empty that another language says', () => {
  expect(shown('fr-FR', { fallback: true })).toEqual([
    'Le gardien (CA)',
    'Français.',
    'Yes.',
    'https://en.test',
    100,
    '/nl.jpg',
  ]);
  expect(shown('en-US', { fallback: true })).toEqual(shown('en-US'));
});

test('a translation of nothing that could be seen is none', () => {
  const blank = translation('de-DE', { title: '\u200b', overview: ' \n', tagline: '\u00a0' });
  const blanks = { ...parts, translations: { translations: [blank] } };
  const texts = ({ title, overview, tagline }: Json) => [title, overview, tagline];
  expect(texts(localizeDetails(blanks, { language: 'de' }))).toEqual(['De wachter', '', '']);
  const filled = localizeDetails(blanks, { language: 'de', fallback: true });
  expect(texts(filled)).toEqual(['The Keeper', 'English.', 'Yes.']);
});

const folder = join(process.env.NEXUS_REAL_DATA || join(import.meta.dir, '../../../shared/data'), 'recorded');
const present = existsSync(folder);
if (!present) process.stdout.write(`no recorded exchanges at ${folder}: their tests are left out\n`);

describe.skipIf(!present)('recorded answers', () => {
  const recorded = (name: string): Json => {
    const file = readdirSync(folder).find((found) => found.includes(name)) ?? name;
    return JSON.parse(readFileSync(join(folder, file), 'utf8')).response.json;
  };

  test('the Italian answer is rebuilt field by field, but for the names of genres and the collection', () => {
    const italian = recorded('movie_47964_language_it_');
    const genres = italian.genres as { id: number; name: string }[];
    const rebuilt = localizeDetails(
      {
        details: recorded('get_200_3_movie_47964_7df1b1'),
        translations: recorded('movie_47964_translations_'),
        images: recorded('movie_47964_images_49a977'),
      },
      { language: 'it', genreNames: new Map(genres.map(({ id, name }) => [id, name])) },
    );
    expect({ ...rebuilt, belongs_to_collection: null }).toEqual({ ...italian, belongs_to_collection: null });
  });

  test('the German answer of another movie has the first German poster and the texts of its translation', () => {
    const german = recorded('movie_19995_language_de_de_include_image_language_de');
    const { images, ...details } = german;
    const text = { title: german.title, overview: german.overview, tagline: german.tagline };
    const translations = {
      translations: [translation('de-DE', { ...text, homepage: german.homepage, runtime: german.runtime })],
    };
    const untold = {
      ...details,
      title: 'Avatar',
      overview: 'x',
      tagline: 'x',
      homepage: 'x',
      poster_path: '/x.jpg',
    };
    expect(
      localizeDetails({ details: untold, translations, images: images as Json }, { language: 'de-DE' }),
    ).toEqual(details);
  });
});

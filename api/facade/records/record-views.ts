import { chooseTexts } from '#shared/movies/choose-texts.ts';
import { posterOf, translationsOf } from '#shared/movies/localize-details.ts';
import type { RecordKind } from '#shared/records/record.ts';
import { type AskedParts, imagesView, isEnglish } from '../movies/movie-parts.ts';
import { rowsOf, type Translator } from '../rows/translator.ts';
import { isEmptyObject, type JsonPiece, noMembers, rowsJson } from '../wire/json-pieces.ts';

type Json = Record<string, unknown>;

/** How a record is asked for. */
export type AskedRecord = Omit<AskedParts, 'page'>;

type View = (stored: JsonPiece, asked: AskedRecord, translator: Translator) => JsonPiece | Promise<JsonPiece>;

/** A part as TMDb has it. */
export interface RecordView {
  /** The stored part it is made of; `undefined`: it says the same of everybody. */
  from?: string;
  view: View;
  /** Only as an appended part: TMDb's route of it is none of movies. */
  isAppendedOnly?: true;
}

/** What the routes of one kind of thing show. */
export interface RecordViews {
  /** What `append_to_response` may name, each also a route below the thing. */
  parts: Readonly<Record<string, RecordView>>;
  /** Stored parts that its details are made of in another language than English. */
  localizedFrom: readonly string[];
  details: (parts: Record<string, Json>, asked: AskedRecord, translator: Translator) => Json | Promise<Json>;
}

/** @param whereEmpty what stands for a part that TMDb left out: every key is there */
const asStored = (from: string, whereEmpty = noMembers): RecordView => ({
  from,
  view: (stored) => (isEmptyObject(stored) ? whereEmpty : stored),
});
const noIds = JSON.stringify(
  Object.fromEntries(
    'freebase_mid freebase_id imdb_id tvrage_id wikidata_id facebook_id instagram_id tiktok_id twitter_id youtube_id'
      .split(' ')
      .map((name) => [name, null]),
  ),
);
const noImages = '{"backdrops":[],"posters":[]}';
const parsed = (stored: JsonPiece) => JSON.parse(stored.toString()) as Json;

/** As the worker keeps them now; an older one kept series, too, or one list alone. */
const isAsShown = (stored: JsonPiece) =>
  stored.indexOf('{"cast":[') === 0 && stored.includes('],"crew":[') && !stored.includes('"media_type":"tv"');

/** Of everything that somebody took part in, the movies. */
function creditsView(keeps: (row: Json) => boolean): View {
  return async (stored, { language }, translator) => {
    if (isAsShown(stored)) {
      if (isEnglish({ language })) return stored;
      const translated = await translator.json(stored.toString(), language);
      if (translated !== undefined) return translated;
    }
    const { cast, crew } = parsed(stored);
    const played = rowsOf(cast).filter(keeps);
    const made = rowsOf(crew).filter(keeps);
    await translator.rows([played, made], language);
    return `{"cast":${rowsJson(played)},"crew":${rowsJson(made)}}`;
  };
}

const person: RecordViews = {
  parts: {
    movie_credits: { from: 'movie_credits', view: creditsView(() => true) },
    combined_credits: {
      from: 'combined_credits',
      view: creditsView(({ media_type }) => media_type === 'movie'),
    },
    // Who appends it reads it: there are no series here, and that is what it says.
    tv_credits: { view: () => '{"cast":[],"crew":[]}', isAppendedOnly: true },
    images: asStored('images', '{"profiles":[]}'),
    external_ids: asStored('external_ids', noIds),
    translations: asStored('translations'),
  },
  localizedFrom: ['translations'],
  details({ details = {}, translations = {} }, { language, fallback }) {
    const rows = rowsOf(translations.translations).map((row) => ({
      language: `${row.iso_639_1}-${row.iso_3166_1}`,
      name: textOf(dataOf(row).name),
      biography: textOf(dataOf(row).biography),
    }));
    const exact = rows.find((row) => row.language === language);
    const name = exact?.name ?? details.name;
    if (!fallback) return { ...details, name, biography: exact?.biography ?? '' };
    const texts = rows.map((row) => ({ ...noTexts, language: row.language, overview: row.biography }));
    const own = { ...described, overview: textOf(details.biography) };
    return { ...details, name, biography: chooseTexts(own, texts, language).overview.value ?? '' };
  },
};

const collection: RecordViews = {
  parts: {
    images: {
      from: 'images',
      view: (stored, asked) => imagesView(isEmptyObject(stored) ? noImages : stored.toString(), asked),
    },
    translations: asStored('translations'),
  },
  localizedFrom: ['translations', 'images'],
  async details({ details = {}, translations = {}, images = {} }, { language, fallback }, translator) {
    const rows = translationsOf(translations);
    const exact = rows.find((row) => row.language === language);
    const original = textOf(details.original_name) ?? details.name;
    const own = { ...described, title: textOf(details.name), overview: textOf(details.overview) };
    const chosen = fallback ? chooseTexts(own, rows, language) : undefined;
    const parts = rowsOf(details.parts);
    await translator.rows([parts], language);
    return {
      ...details,
      name: chosen === undefined ? (exact?.title ?? original) : (chosen.title.value ?? details.name),
      overview: (chosen === undefined ? exact?.overview : chosen.overview.value) ?? '',
      poster_path: posterOf(images, {
        language,
        original: details.original_language,
        best: details.poster_path,
      }),
      parts,
    };
  },
};

/** They have no texts in other languages. */
const company: RecordViews = {
  parts: { images: asStored('images', '{"logos":[]}'), alternative_names: asStored('alternative_names') },
  localizedFrom: [],
  details: ({ details = {} }) => details,
};

export const recordViews: Record<RecordKind, RecordViews> = { person, collection, company };

/** Whether the details are more than the stored text. */
export const isLocalized = ({ localizedFrom }: RecordViews, asked: AskedRecord): boolean =>
  localizedFrom.length > 0 && (!isEnglish(asked) || asked.fallback);

const noTexts = { title: null, overview: null, tagline: null, homepage: null, runtime: null };
const described = { ...noTexts, original_title: null, original_language: null };
const dataOf = ({ data }: Json): Json => (typeof data === 'object' && data !== null ? (data as Json) : {});
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

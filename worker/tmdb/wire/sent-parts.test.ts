import { describe, expect, test } from 'bun:test';
import { createGeneratedCatalogue } from '#sandbox/generated-catalogue.ts';
import { allParts } from '#sandbox/wire.ts';
import { wireMovie } from '#tests/support/tmdb/movie-fixture.ts';
import { parseDetails } from './parse-answer.ts';
import { parseAnswer, sentTextsOf } from './sent-parts.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const results = [{ author: 'Ann', content: `“Yes”, she said: \\ "no" ${'x'.repeat(200)}`, url: 'https://x' }];
const reviews = { page: 1, results, total_pages: 1, total_results: 1 };
/** What is read of a body by parts, and of the same read as a whole. */
function bothOf(body: string) {
  const answer = parseAnswer(bytesOf(body));
  return { answer, whole: JSON.parse(body), texts: sentTextsOf(answer as object) };
}

test('movies of the sandbox are read as they are, and their texts are those that were sent', () => {
  const catalogue = createGeneratedCatalogue({ seed: 1, movies: 100 });
  for (let position = 0; position < 100; position++) {
    const id = catalogue.idAt(position);
    const { answer, whole, texts } = bothOf(JSON.stringify(catalogue.details(id, allParts)));
    expect(answer).toEqual(whole);
    expect(Object.keys(texts)).toContain('similar');
    const movie = parseDetails(answer, id);
    expect(movie).toEqual(parseDetails(whole, id));
    expect([...movie.parts.texts]).toEqual([...parseDetails(whole, id).parts.texts]);
  }
});

test('a text is kept as it was sent, where a number is written in another way', () => {
  const body = JSON.stringify(wireMovie({ reviews })).replace('"total_pages":1,', '"total_pages":1.0,');
  const { answer, texts } = bothOf(body);
  expect(texts.reviews).toContain('"total_pages":1.0,');
  expect(parseDetails(answer, 7001).parts.texts.get('reviews')).toBe(texts.reviews);
});

describe('an answer is read as a whole', () => {
  const text = JSON.stringify(wireMovie({ reviews }));
  test.each([
    ['where a part stands within something else', text.replace('{', '{"more":{"a":1,"reviews":{}},')],
    ['where a part is no object', text.replace('{', '{"similar":null,')],
    ['where a part comes twice', text.replace(/\}$/, ',"reviews":{"results":[]}}')],
    ['where something comes behind the parts', text.replace(/\}$/, ',"more":1}')],
    ['with white space', JSON.stringify(wireMovie({ reviews }), undefined, 1)],
    ['with a line at its end', `${text}\n`],
    ['with characters by their numbers', text.replace('Ann', '\\u0041nn')],
    ['without parts', '{"id":7001,"title":"x"}'],
    ['that is a list', '[{"id":1,"reviews":{}}]'],
  ])('%s', (_, body) => {
    const { answer, whole, texts } = bothOf(body);
    expect(answer).toEqual(whole);
    expect(texts).toEqual({});
  });

  test('and refused where it is no JSON', () => {
    for (const body of ['', '{', text.slice(0, -1), `${text}}`, text.replace('"Ann"', 'Ann')])
      expect(() => parseAnswer(bytesOf(body))).toThrow(SyntaxError);
  });
});

describe('a text is written again', () => {
  const textOf = (body: string) => {
    const { answer, texts } = bothOf(body);
    return { sent: texts.reviews, kept: parseDetails(answer, 7001).parts.texts.get('reviews') };
  };

  test('where a link in it leads elsewhere, whatever stands between key and link', () => {
    for (const between of ['":"', '" : "', '":\t"', '"\r:"']) {
      const body = JSON.stringify(wireMovie({ reviews })).replace(
        'url":"https://x',
        `url${between}javascript:x`,
      );
      const { sent, kept } = textOf(body);
      expect(sent).toContain('javascript:');
      expect(kept).toBe(JSON.stringify({ ...reviews, results: [{ ...results[0], url: '' }] }));
    }
  });

  test('where it has an id, or entries that are no rows', () => {
    const kept = JSON.stringify(reviews);
    expect(textOf(JSON.stringify(wireMovie({ reviews: { id: 7001, ...reviews } })))).toMatchObject({ kept });
    const odd = { ...reviews, results: [5, ...results, null] };
    expect(textOf(JSON.stringify(wireMovie({ reviews: odd })))).toMatchObject({ kept });
  });

  test('where it is so deep that it cannot be: then the part is lost', () => {
    const deep = `${'['.repeat(60_000)}${']'.repeat(60_000)}`;
    const { answer } = bothOf(JSON.stringify(wireMovie({ reviews })).replace('"Ann"', deep));
    expect(parseDetails(answer, 7001).parts.lost).toEqual(['reviews']);
  });
});

test('an empty part is not kept, however it is written', () => {
  const body = JSON.stringify(wireMovie({})).replace(
    /\}$/,
    ',"reviews":{"page":1,"results":[ ],"total_pages":0,"total_results":0}}',
  );
  const { answer, texts } = bothOf(body);
  expect(texts.reviews).toBeDefined();
  expect(parseDetails(answer, 7001).parts.texts.has('reviews')).toBe(false);
});

import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { piecesOf, withPortraits } from './document-pieces.ts';

/** Texts that look like what stands between the pieces. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    ',"cast":',
    '\\,"crew":[',
    '"profile_path":null',
    '"profile_path":"/x"',
    '\\',
    '$1$&"',
    ',"budget":',
  ),
);
const person = fc.record({
  id: fc.nat(),
  name: text,
  character: fc.option(text),
  order: fc.option(fc.nat()),
  profile_path: fc.option(text),
});
const named = fc.array(fc.record({ id: fc.nat(), name: text }));
const stored = fc.record(
  {
    title: text,
    collection: fc.option(fc.record({ id: fc.nat(), name: text })),
    cast: fc.array(person),
    crew: fc.array(person),
    keywords: named,
    trailers: fc.array(fc.record({ site: text, key: text, name: text })),
    budget: fc.option(fc.nat()),
    revenue: fc.option(fc.nat()),
  },
  { noNullPrototype: true },
);

test('a document in pieces is the same document, whatever its texts are, and each portrait has its URL', () => {
  fc.assert(
    fc.property(stored, ({ title, collection, ...rest }) => {
      const document = JSON.stringify({ title, collection, ...rest });
      const { head, cast, crew, named: names, money } = piecesOf(document);
      expect(JSON.parse(head)).toEqual({ title, collection });
      const noted: string[] = [];
      const pictures = {
        url: 'https://a.example/$1"',
        note: (path: string) => void noted.push(path),
      };
      const people = [withPortraits(cast, pictures), withPortraits(crew, pictures)];
      const shown = (each: (typeof rest.cast)[number]) => ({
        ...each,
        profile_url: each.profile_path === null ? null : `https://a.example/$1"/w185${each.profile_path}`,
      });
      expect(JSON.parse(`{${[people[0], people[1], names, money].join(',')}}`)).toEqual({
        ...rest,
        cast: rest.cast.map(shown),
        crew: rest.crew.map(shown),
      });
      const paths = [...rest.cast, ...rest.crew].flatMap(({ profile_path: path }) => path ?? []);
      expect(noted).toEqual(paths);
    }),
  );
});

test('what has other fields is refused', () => {
  for (const document of ['{}', '{"title":"x","crew":[],"cast":[],"keywords":[],"budget":1}'])
    expect(() => piecesOf(document)).toThrow('other fields');
});

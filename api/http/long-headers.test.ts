import { expect, test } from 'bun:test';
import { costOver } from '#tests/support/cost-over.ts';
import { packingFor } from './answers/packed.ts';
import { matchesEtag } from './answers/send-ready.ts';
import { clientAddress } from './callers/client-address.ts';
import { cookieOf } from './callers/cookie-of.ts';
import { acceptedLanguage } from './input/asked-locale.ts';

const longest = 15_000;
const addressOf = clientAddress(['10.0.0.0/8'], () => ({ requestIP: () => ({ address: '10.1.2.3' }) }));

type Read = (text: string) => unknown;
const fromRequest =
  (name: string, read: (request: Request) => unknown): Read =>
  (text) =>
    read(new Request('http://nexus.test/', { headers: { [name]: text } }));

const readers: Record<string, Read> = {
  'accept-encoding': fromRequest('accept-encoding', packingFor),
  'accept-language': acceptedLanguage,
  'if-none-match': (text) => matchesEtag(text, 'W/"known"'),
  cookie: fromRequest('cookie', (request) => cookieOf(request, 'nexus_refresh')),
  'x-forwarded-for': fromRequest('x-forwarded-for', addressOf),
};
const longTag = `qq-Latn-zz-${Array.from({ length: 27 }, (_, at) => `variant${at}`.slice(-8)).join('-')},`;

test.each([
  ['accept-encoding', ','],
  ['accept-encoding', 'a;q=1,'],
  ['accept-encoding', ';'],
  ['accept-language', 'qq-Zyyy-AA,'],
  ['accept-language', longTag],
  ['accept-language', 'a'],
  ['accept-language', 'aa-'],
  ['accept-language', ' '],
  ['if-none-match', '"",'],
  ['if-none-match', '"'],
  ['if-none-match', 'W/"known,",'],
  ['cookie', ';'],
  ['cookie', 'a=b; '],
  ['x-forwarded-for', '10.0.0.1,'],
  ['x-forwarded-for', ','],
])('%s of nothing but %p costs next to nothing', async (name, piece) => {
  const read = readers[name] as Read;
  const text = piece.repeat(longest / piece.length);
  let turns = 0;
  const often = (act: Read) => () => {
    for (let turn = 0; turn < 30; turn++) act(`${turns++}${text}`);
  };
  // To look at each letter takes about 0.04 ms, as an answer does that is ready.
  expect(await costOver({ work: often(read), plain: often(lettersOf), enough: 5 })).toBeLessThan(5);
});

function lettersOf(text: string): number {
  let letters = 0;
  for (const each of text) letters += each.length;
  return letters;
}

test('what stands in a long header is still found', () => {
  const pieces = (piece: string, count: number) => piece.repeat(count);
  expect(matchesEtag(`${pieces('"a", ', 2000)}W/"known"`, 'W/"known"')).toBeTrue();
  expect(matchesEtag('"W/"known"", "other"', 'W/"known"')).toBeFalse();
  expect(matchesEtag('"a\'"known"', '"known"')).toBeFalse();
  const cookie = `${pieces('a=b; ', 1000)}nexus_refresh=token; nexus_refresh=second`;
  expect(readers.cookie?.(cookie)).toBe('token');
  expect(readers.cookie?.('not_nexus_refresh=x;nexus_refresh=y=z')).toBe('y=z');
  expect(readers.cookie?.('nexus_refresh=')).toBeNull();
  const hops = `${pieces('6.6.6.6, ', 1000)}198.51.100.1, 10.9.9.9`;
  expect(readers['x-forwarded-for']?.(hops)).toBe('198.51.100.1');
  expect(readers['x-forwarded-for']?.(',198.51.100.1')).toBe('198.51.100.1');
});

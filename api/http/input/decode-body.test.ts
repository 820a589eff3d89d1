import { describe, expect, test } from 'bun:test';
import { turnsDuring } from '#tests/support/turns-during.ts';
import { decodeBody } from './decode-body.ts';

const typeOf = (charset: string | undefined) =>
  charset === undefined ? 'text/csv' : `text/csv; charset=${charset}`;
const mebibyte = 1024 * 1024;

/** Letters of a charset, whose bytes are said, and what they are. */
const written: [string | undefined, number[], string][] = [
  [undefined, [...Buffer.from('né, 千と千尋 😀\n')], 'né, 千と千尋 😀\n'],
  [undefined, [0xef, 0xbb, 0xbf, 0x61], 'a'],
  [undefined, [0xff, 0xfe, 0x61, 0, 0x3d, 0xd8, 0, 0xde], 'a😀'],
  [undefined, [0xfe, 0xff, 0, 0x61, 0xd8, 0x3d, 0xde, 0], 'a😀'],
  ['shift_jis', [0x90, 0xe7, 0x82, 0xc6, 0x0a], '千と\n'],
  ['euc-jp', [0xc0, 0xe9, 0xa4, 0xc8, 0x0a], '千と\n'],
  ['iso-2022-jp', [0x1b, 0x24, 0x42, 0x40, 0x69, 0x24, 0x48, 0x1b, 0x28, 0x42, 0x0a], '千と\n'],
  ['big5', [0xa4, 0x64, 0x0a], '千\n'],
  ['gb18030', [0xc7, 0xa7, 0x94, 0x39, 0xda, 0x33, 0x0a], '千💩\n'],
  ['euc-kr', [0xc7, 0xd1, 0x0a], '한\n'],
  ['windows-1252', [0x6e, 0xe9, 0x80, 0x0a], 'né€\n'],
];

describe('a body in pieces', () => {
  test.each(written)(
    'of %s is read as if it had come whole, wherever it is cut',
    async (charset, bytes, text) => {
      for (const length of [1, 2, 3, bytes.length]) {
        const pieces = Array.from({ length: Math.ceil(bytes.length / length) }, (_, at) =>
          Uint8Array.from(bytes.slice(at * length, (at + 1) * length)),
        );
        expect(await decodeBody(pieces, typeOf(charset))).toBe(text);
      }
    },
  );

  test.each<[string | undefined, number[]]>([
    [undefined, [0x61, 0xe5, 0x8d]],
    ['utf-16le', [0x61, 0, 0x3d]],
    ['shift_jis', [0x61, 0x90]],
    ['euc-jp', [0x61, 0xc0]],
    ['big5', [0x61, 0xa4]],
    ['gb18030', [0x61, 0xc7]],
    ['euc-kr', [0x61, 0xc7]],
  ])('of %s that ends within a letter is refused', async (charset, bytes) => {
    const pieces = bytes.map((byte) => Uint8Array.of(byte));
    await expect(decodeBody(pieces, typeOf(charset))).rejects.toMatchObject({ code: 'malformed_body' });
  });
});

describe('a long body holds nobody up while it is decoded', () => {
  test.each(written)('of %s', async (charset, bytes) => {
    const long = Buffer.alloc(
      bytes.length * Math.floor((4 * mebibyte) / bytes.length),
      Uint8Array.from(bytes),
    );
    let text = '';
    const turns = await turnsDuring(async () => {
      text = await decodeBody([long], typeOf(charset));
    });
    expect(text.length).toBeGreaterThan(mebibyte / 2);
    expect(turns).toBeGreaterThan(20);
  });
});

import { expect, test } from 'bun:test';
import { isWholePicture, pictureTypeOf } from './picture-type.ts';

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));

test('a drawing says in which characters it is written', () => {
  for (const [start, charset] of [
    ['<svg xmlns="http://www.w3.org/2000/svg">', 'utf-8'],
    ['\xef\xbb\xbf<?xml version="1.0"?><svg>', 'utf-8'],
    ['<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<!-- a logo --><svg>', 'utf-8'],
    ["<?xml version='1.0' encoding='ISO-8859-1'?><!DOCTYPE svg PUBLIC \"x\"><svg>", 'iso-8859-1'],
    ['<?xml version="1.0" encoding="a\r\nset-cookie: b"?><svg>', 'utf-8'],
  ] as const)
    expect(pictureTypeOf(bytesOf(start))).toBe(`image/svg+xml;charset=${charset}`);
});

test('what only mentions a drawing is none', () => {
  for (const start of ['<html><svg>', '<?xml version="1.0"?><rss>', 'svg', ''])
    expect(pictureTypeOf(bytesOf(start))).toBeUndefined();
});

test('a drawing is whole when its end is there', () => {
  for (const [text, isWhole] of [
    ['<svg><g/></svg>\n', true],
    ['<svg><g/>', false],
  ] as const) {
    const bytes = bytesOf(text);
    expect(isWholePicture(bytes, pictureTypeOf(bytes) ?? '')).toBe(isWhole);
  }
});

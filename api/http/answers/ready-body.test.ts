import { expect, test } from 'bun:test';
import { jsonBytes, jsonText } from '../contract/answer.ts';
import { readyBody } from './ready-body.ts';

const text = `{"title":"ü","overview":"${'long '.repeat(300)}"}`;
const meta = { source: 'mirror', at: 'ä' };
const whole = Buffer.from(`{"status":"success","data":${text},"meta":${JSON.stringify(meta)}}`);

/** Bytes within others, of which `rest` more are in the same memory. */
function placed({ before = 40, after = 100, rest = 0 } = {}) {
  const bytes = Buffer.from(text);
  const memory = Buffer.alloc(rest + before + bytes.length + after + rest, '#');
  bytes.copy(memory, rest + before);
  const data = memory.subarray(rest + before, rest + before + bytes.length);
  return { memory, data: jsonBytes<object>(data), room: { before, after } };
}

test.each([
  ['is written around its data', {}, true],
  [
    'is, if there is just enough room',
    { before: 27, after: whole.length - 27 - Buffer.byteLength(text) },
    true,
  ],
  ['is a copy with too little room before', { before: 26 }, false],
  ['is a copy with too little room behind', { after: whole.length - 28 - Buffer.byteLength(text) }, false],
  ['is a copy where it would keep much of others in memory', { rest: 1000 }, false],
] as const)('a body %s', (_, place, inPlace) => {
  const { memory, data, room } = placed(place);
  const before = Buffer.from(memory);
  const plain = readyBody(jsonText<object>(text), 5, meta, 'de-DE');
  const body = readyBody(data, 5, meta, 'de-DE', room);
  expect(Buffer.from(body.bytes).toString()).toBe(whole.toString());
  expect(Buffer.from(body.data).toString()).toBe(text);
  expect(body.etag).toBe(plain.etag);
  expect(body.bytes.buffer === memory.buffer).toBe(inPlace);
  if (!inPlace) expect(memory).toEqual(before);
  // Nothing beyond the room is touched.
  const start = data.byteOffset - memory.byteOffset;
  expect(memory.subarray(0, start - room.before)).toEqual(before.subarray(0, start - room.before));
  expect(memory.subarray(start + data.length + room.after)).toEqual(
    before.subarray(start + data.length + room.after),
  );
});

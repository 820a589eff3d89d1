import { expect, test } from 'bun:test';
import { AnswerReader } from './answer-reader.ts';

const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody';
const last = 'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\ncontent-length: 0\r\n\r\n';

test('answers end where they end, however they arrive', () => {
  for (let at = 1; at < answer.length; at++) {
    const reader = new AnswerReader();
    for (const [text, expected] of [
      [answer, { status: 200, isLast: false }],
      [answer, { status: 200, isLast: false }],
      [last, { status: 503, isLast: true }],
    ] as const) {
      expect(reader.read(Buffer.from(text.slice(0, at)))).toBeUndefined();
      expect(reader.read(Buffer.from(text.slice(at)))).toEqual(expected);
    }
  }
});

test('an answer whose end cannot be known is refused', () => {
  expect(() => new AnswerReader().read(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))).toThrow('without a length');
});

import { expect, test } from 'bun:test';
import { listenRefusal } from './listen-refusal.ts';

const refusalOf = (code: string) =>
  listenRefusal(Object.assign(new Error('x'), { code }), { host: '192.0.2.1', port: 80 });

test.each([
  ['EACCES', 'This user may not listen on port 80. Set PORT to one above 1023'],
  ['EADDRINUSE', 'Port 80 on 192.0.2.1 is in use.'],
  ['EADDRNOTAVAIL', 'This machine has no address 192.0.2.1.'],
  ['ENOTFOUND', 'This machine has no address 192.0.2.1.'],
  ['EINPROGRESS', 'This machine has no address 192.0.2.1.'],
  ['EINVAL', 'This machine has no address 192.0.2.1.'],
])('%s is told in a sentence', (code, sentence) => {
  expect(refusalOf(code)).toStartWith(sentence);
});

test('what is refused for a reason that nobody thought of is told by its code', () => {
  const error = Object.assign(new Error('x'), { code: 'EMFILE', syscall: 'listen' });
  expect(listenRefusal(error, { host: '::1', port: 1 })).toBe(
    'The API cannot listen on ::1, port 1 (EMFILE). Set HOST and PORT to others.',
  );
});

test('what has another cause speaks for itself', () => {
  expect(refusalOf('EMFILE')).toBeUndefined();
});

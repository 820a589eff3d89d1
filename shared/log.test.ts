import { expect, test } from 'bun:test';
import { createLog, openLines } from './log.ts';

test('an assembled line is what pino would write', () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = createLog({ level: 'info', name: 'a "name"', destination });
  log.info({ path: '/x', status: 200, ms: 0.5 }, 'answered "so"');
  openLines(log, 'info', 'answered "so"')?.(',"path":"/x","status":200,"ms":0.5');
  const timeless = lines.map((line) =>
    line.replace(/"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/, '"time"'),
  );
  expect(timeless[0]).toContain('"time"');
  expect(timeless[1]).toBe(timeless[0] as string);
});

test('a log that does not want such lines gets none', () => {
  const log = createLog({ level: 'warn', name: 'quiet', destination: { write: () => {} } });
  expect(openLines(log, 'info', 'answered')).toBeUndefined();
});

function loggedError(error: Error): Record<string, unknown> {
  const lines: string[] = [];
  const log = createLog({
    level: 'info',
    name: 'x',
    destination: { write: (line) => void lines.push(line) },
  });
  log.error({ err: error }, 'failed');
  return JSON.parse(lines[0] ?? '').err;
}

test('an error that holds others is logged with what they say', () => {
  const refused = Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' });
  expect(loggedError(new AggregateError([refused, refused]))).toMatchObject({
    errors: [{ message: 'connection refused', code: 'ECONNREFUSED' }, { message: 'connection refused' }],
  });
  expect(loggedError(new SuppressedError(new Error('no rollback'), refused))).toMatchObject({
    error: { message: 'no rollback' },
    suppressed: { message: 'connection refused', code: 'ECONNREFUSED' },
  });
  expect(loggedError(new Error('outer', { cause: new AggregateError([refused]) }))).toMatchObject({
    cause: { errors: [{ message: 'connection refused' }] },
  });
});

test('errors without an end are logged with one', () => {
  const inner = new Error('inner');
  const outer = new Error('outer', { cause: inner });
  inner.cause = outer;
  expect(loggedError(outer)).toMatchObject({ message: 'outer', cause: { message: 'inner' } });
  const many = Array.from({ length: 1000 }, () => new Error('one of many'));
  expect((loggedError(new AggregateError(many)).errors as unknown[]).length).toBeLessThan(20);
});

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

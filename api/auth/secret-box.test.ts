import { expect, test } from 'bun:test';
import { createSecretBox } from './secret-box.ts';

const [one, two] = ['the first secret, which is long enough', 'the second secret, which is long enough'];
const box = createSecretBox({ secret: one, others: [] });

test('what is sealed is never the same twice, and opens for its owner alone', () => {
  const sealed = box.seal('JBSWY3DPEHPK3PXP', 'ada');
  expect(sealed).not.toContain('JBSWY3DPEHPK3PXP');
  expect(sealed).toStartWith(box.prefix);
  expect(box.seal('JBSWY3DPEHPK3PXP', 'ada')).not.toBe(sealed);
  expect(box.open(sealed, 'ada')).toBe('JBSWY3DPEHPK3PXP');
  expect(box.open(sealed, 'grace')).toBeUndefined();
});

test('what was changed anywhere does not open, and nonsense breaks nothing', () => {
  const sealed = box.seal('é 東京', 'ada');
  const bytes = Buffer.from(sealed.slice(box.prefix.length), 'base64url');
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(box.open(box.prefix + changed.toString('base64url'), 'ada')).toBeUndefined();
  }
  for (const text of ['', 'v1.', box.prefix, `${box.prefix}AAAA`, `v2${sealed.slice(2)}`, `${box.prefix}%\0`])
    expect(box.open(text, 'ada')).toBeUndefined();
});

test('former secrets still open, and nothing is sealed with them', () => {
  const both = createSecretBox({ secret: two, others: [undefined, one] });
  const sealed = box.seal('x', 'ada');
  expect(both.open(sealed, 'ada')).toBe('x');
  expect(both.prefix).not.toBe(box.prefix);
  expect(box.open(both.seal('x', 'ada'), 'ada')).toBeUndefined();
  expect(createSecretBox({ secret: two, others: [] }).open(sealed, 'ada')).toBeUndefined();
});

import { expect, test } from 'bun:test';
import { z } from 'zod';
import { costOver } from '#tests/support/cost-over.ts';
import { Email, Name, Password } from './credentials.ts';
import { hashPassword, verifyPassword } from './users/hash-password.ts';

const taken = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

test('an email is kept trimmed and in lower case', () => {
  expect(Email.parse('  Ada.Lovelace+x@Example.ORG\n')).toBe('ada.lovelace+x@example.org');
});

test.each(['', 'ada', 'ada@', '@example.org', 'a b@example.org', 'ada@example', 'a@b@example.org', 7, null])(
  'an email is not %p',
  (value) => {
    expect(taken(Email, value)).toBe(false);
  },
);

test('an email is ASCII before it is lower-cased: a Kelvin sign is no k', () => {
  expect(taken(Email, 'k@example.org')).toBe(true);
  expect(taken(Email, '\u212a@example.org')).toBe(false);
  expect(taken(Email, 'müller@example.org')).toBe(false);
});

test('an email has at most 254 characters', () => {
  const domain = `${'d'.repeat(60)}.${'d'.repeat(60)}.${'d'.repeat(60)}.org`;
  const email = (length: number) => `${'a'.repeat(length - domain.length - 1)}@${domain}`;
  expect([taken(Email, email(254)), taken(Email, email(255))]).toEqual([true, false]);
});

test('a password has 8 to 128 characters, whatever they are made of', () => {
  const lengths = [7, 8, 128, 129, 100_000];
  // The same sign again and again is refused for another reason.
  const letters = 'qhzvcmwtbx';
  const mixed = (character: string, length: number) =>
    Array.from({ length }, (_, at) => (at % 3 === 0 ? letters[(at / 3) % 10] : character)).join('');
  for (const character of ['x', ' ', '😀'])
    expect(lengths.map((length) => taken(Password, mixed(character, length)))).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
  expect(Password.parse('  open spaces  ')).toBe('  open spaces  ');
});

test('a password is text that can be kept apart from others: no NUL, no lone surrogate', () => {
  expect(taken(Password, 'password\0')).toBe(false);
  expect(taken(Password, 'password\ud800')).toBe(false);
});

test('both can be described', () => {
  expect(z.toJSONSchema(z.object({ Email, Password }))).toMatchObject({
    properties: { Email: { format: 'email' }, Password: { minLength: 8, maxLength: 128 } },
  });
});

test('a password is verified by its hash alone, in whichever way its characters were typed', async () => {
  const hash = await hashPassword('Ångström ﬁne');
  expect(hash).toStartWith('$argon2id$v=19$m=19456,t=2');
  expect(await verifyPassword('Ångström fine'.normalize('NFD'), hash)).toBe(true);
  expect(await verifyPassword('Angstrom fine', hash)).toBe(false);
});

test.each([
  ...[
    '\u200b\u200b',
    '\u2060',
    '\u00ad',
    '\u3164',
    '\u115f\u1160',
    '\uffa0',
    '\u2800\u2800',
    '\u180e',
    '\u034f',
  ],
  ...[
    '\u202e',
    '\u2066\u2069',
    '\u200e\u200f',
    '\u0301\u0301',
    '\ue000',
    '\u{e0041}',
    '\u0007',
    'Ada\u202e',
    '\u2067Ada\u2069',
    'Ada\r\nBcc: eve@example.org',
    '\u001b[31mAda',
    'A\u0085B',
    'A\u2028B',
  ],
])('the name %j shows nothing, or another name than it is', (name) => {
  expect(Name.safeParse(name).success).toBe(false);
});

test('names of all scripts are taken', () => {
  for (const name of ['Ada', '李', 'Żółć', 'مريم', 'שרה', 'नेहा', '🦄', 'e\u0301', '👩\u200d🚀', 'X Æ A-12'])
    expect([name, Name.safeParse(` ${name} `).data]).toEqual([name, name]);
});

const complaintsOf = (schema: typeof Name | typeof Password, text: string) =>
  (schema.safeParse(text).error?.issues ?? []).map(({ message }) => message);

test.each([
  ['a password', Password, 'must have 8 to 128 characters'],
  ['a name', Name, 'must have 1 to 255 characters'],
])(
  '%s of a wrong length, or with broken characters, is told just that, in no time',
  async (_, schema, message) => {
    for (const character of ['\u200b', '\u0301', 'ﷺ', '\u202e', 'nexus ']) {
      const text = `a${character.repeat(1_000_000 / character.length)}b`;
      expect(complaintsOf(schema, text)).toEqual([message]);
      // Whether it has broken characters is looked at in any case.
      const plain = () => text.isWellFormed() && text.includes('\0');
      const often = (act: () => unknown) => () => {
        for (let turn = 0; turn < 5; turn++) act();
      };
      const work = often(() => complaintsOf(schema, text));
      expect(await costOver({ work, plain: often(plain), enough: 10 })).toBeLessThan(10);
    }
    expect(complaintsOf(schema, '')).toEqual([message]);
    expect(complaintsOf(schema, '\ud800'.repeat(3))).toEqual(['must not contain NUL or broken characters']);
  },
);

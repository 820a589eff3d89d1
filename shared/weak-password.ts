import { createRequire } from 'node:module';

/** Loaded when a password is first chosen: it takes some time and memory that most processes never need. */
const requirePackage = createRequire(import.meta.url);
let common: Buffer | undefined;
const mostCommon = 'is one of the most common passwords';

/** People put up to so many digits and signs before or behind a common password. */
const mostAdded = 3;
/** The shortest common password that is looked for: what is left of the shortest that is accepted at all. */
const minLength = 8 - mostAdded;

/**
 * Why nobody should choose this password, or `undefined`. Compared without regard to case.
 * @param email whose password it is going to be, where that is known
 */
export function weaknessOf(password: string, email?: string): string | undefined {
  const folded = fold(password).trim();
  if (isCommon(folded)) return mostCommon;
  if (ownWords.test(lettersOf(folded)))
    return 'must not be made of words like nexus, movie, admin and password alone';
  if (isRepeated(folded) || isRun(folded))
    return 'must not be the same signs again and again, or a row of them';
  if (withoutAdded(folded).some(isCommon)) return mostCommon;
  if (email !== undefined && isOfEmail(folded, fold(email))) return 'must not be your email address';
  return undefined;
}

/** What everybody thinks of first here. `docs/security.md` lists them. */
const ownWords = /^(?:nexus|project|movies?|films?|tmdb|admin(?:istrator)?|password|service)+$/;

const fold = (text: string) => text.normalize('NFKC').toLowerCase();

/** What is left without the digits and signs that people put around a name. */
const lettersOf = (text: string) => text.replaceAll(/[^\p{L}]/gu, '');

/** `aaaaaaaa`, `12341234`, `qwertyqwerty`. The library's list has none of these: its makers find them by rule, too. */
function isRepeated(password: string): boolean {
  if (password === '') return true;
  const [, piece = ''] = /^(.+?)\1+$/su.exec(password) ?? [];
  return piece !== '' && ([...piece].length <= longestPiece || isCommon(piece));
}

const longestPiece = 4;

/** `abcdefgh`, `87654321`, `11112222`, `aaa12345`: at most two rows, in each of which every sign is as far from the one before. */
function isRun(password: string): boolean {
  let rows = 0;
  for (let start = 0; start < password.length; rows += 1) {
    const step = stepTo(password, start + 1);
    start += 1;
    if (Math.abs(step) <= 1) while (stepTo(password, start) === step) start += 1;
  }
  return rows <= 2;
}

/** How far a sign is from the one before it. 0 follows 9. `NaN` behind the end. */
function stepTo(password: string, index: number): number {
  const pair = password.slice(index - 1, index + 1);
  if (pair === '90') return 1;
  if (pair === '09') return -1;
  return password.charCodeAt(index) - password.charCodeAt(index - 1);
}

/** What is left of the password without one to three digits and signs before or behind. */
function withoutAdded(password: string): string[] {
  const found: string[] = [];
  for (let added = 1; added <= mostAdded && !isLetter.test(password.at(-added) ?? ''); added += 1)
    found.push(password.slice(0, -added));
  for (let added = 1; added <= mostAdded && !isLetter.test(password.at(added - 1) ?? ''); added += 1)
    found.push(password.slice(added));
  return found;
}

const isLetter = /\p{L}/u;

const isCommon = (password: string) =>
  password.length >= minLength && commonPasswords().includes(`\n${password}\n`);

function isOfEmail(password: string, email: string): boolean {
  const [local = '', domain = ''] = email.split('@');
  const names = [email, local, domain, domain.split('.')[0] ?? ''];
  const letters = lettersOf(password);
  return names.some(
    (name) => name !== '' && (name === password || (letters.length >= 4 && lettersOf(name) === letters)),
  );
}

/** Each on a line of its own. One text is made and looked through faster than a set is made of so many, and bytes faster than letters. */
function commonPasswords(): Buffer {
  if (common !== undefined) return common;
  const { dictionary } = requirePackage(
    '@zxcvbn-ts/language-common',
  ) as typeof import('@zxcvbn-ts/language-common');
  const long = dictionary['passwords-common'].filter(({ length }) => length >= minLength);
  common = Buffer.from(fold(`\n${long.join('\n')}\n`));
  return common;
}

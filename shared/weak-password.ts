import { createRequire } from 'node:module';

/** Loaded when a password is first chosen: it takes some time and memory that most processes never need. */
const requirePackage = createRequire(import.meta.url);
let common: string | undefined;

/** The shortest password that is accepted at all: shorter ones need not be kept in memory. */
const minLength = 8;

/**
 * Why nobody should choose this password, or `undefined`. Compared without regard to case.
 * @param email whose password it is going to be, where that is known
 */
export function weaknessOf(password: string, email?: string): string | undefined {
  const folded = fold(password).trim();
  if (folded.length >= minLength && commonPasswords().includes(`\n${folded}\n`))
    return 'is one of the most common passwords';
  if (ownWords.test(lettersOf(folded)))
    return 'must not be made of words like nexus, movie, admin and password alone';
  if (email !== undefined && isOfEmail(folded, fold(email))) return 'must not be your email address';
  return undefined;
}

/** What everybody thinks of first here. `docs/security.md` lists them. */
const ownWords = /^(?:nexus|project|movies?|films?|tmdb|admin(?:istrator)?|password|service)+$/;

const fold = (text: string) => text.normalize('NFKC').toLowerCase();

/** What is left without the digits and signs that people put around a name. */
const lettersOf = (text: string) => text.replaceAll(/[^\p{L}]/gu, '');

function isOfEmail(password: string, email: string): boolean {
  const [local = '', domain = ''] = email.split('@');
  const names = [email, local, domain, domain.split('.')[0] ?? ''];
  const letters = lettersOf(password);
  return names.some(
    (name) => name !== '' && (name === password || (letters.length >= 4 && lettersOf(name) === letters)),
  );
}

/** Each on a line of its own. One text is made and looked through faster than a set is made of so many. */
function commonPasswords(): string {
  if (common !== undefined) return common;
  const { dictionary } = requirePackage(
    '@zxcvbn-ts/language-common',
  ) as typeof import('@zxcvbn-ts/language-common');
  const long = dictionary['passwords-common'].filter(({ length }) => length >= minLength);
  common = fold(`\n${long.join('\n')}\n`);
  return common;
}

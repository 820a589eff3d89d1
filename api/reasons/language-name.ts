/** TMDb has a few codes of its own: `cn` is Cantonese. */
const ownCodes: Readonly<Record<string, string>> = { cn: 'yue', sh: 'sh', mo: 'ro' };

/** What languages are called in one. @returns `undefined` for a code that has no name */
export function createLanguageName(inLanguage: string): (code: string) => string | undefined {
  const names = new Intl.DisplayNames(inLanguage, { type: 'language', fallback: 'none' });
  return (code) => {
    try {
      return names.of(ownCodes[code] ?? code);
    } catch {
      return undefined;
    }
  };
}

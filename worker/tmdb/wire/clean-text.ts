const nul = /\0/g;

/** PostgreSQL takes neither NUL nor lone surrogates; everything else stays exactly as TMDb wrote it. */
export function cleanText(text: string): string {
  return text.replace(nul, '').toWellFormed();
}

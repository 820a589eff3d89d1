/** PostgreSQL takes neither NUL nor lone surrogates; everything else stays exactly as TMDb wrote it. */
export function cleanText(text: string): string {
  return (text.includes('\0') ? text.replaceAll('\0', '') : text).toWellFormed();
}

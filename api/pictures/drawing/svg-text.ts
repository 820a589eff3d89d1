/** For text and for attributes in quotation marks. What XML cannot hold at all is left out. */
export const escapeXml = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go.
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g, '')
    .toWellFormed()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** How wide a character is in a wide bold type, in heights of it: nobody measures text here. */
const widthOf = (character: string): number => {
  if (/[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/.test(character)) return 1;
  if (/[iljtfI.,:;'’|! ()[\]]/.test(character)) return 0.4;
  if (/[mwMW]/.test(character)) return 1.02;
  return /\p{Lu}/u.test(character) ? 0.8 : 0.68;
};
const widthOfText = (text: string) => [...text].reduce((sum, each) => sum + widthOf(each), 0);

interface Room {
  /** In units of the drawing. */
  width: number;
  /** The largest and the smallest size of the type. */
  sizes: readonly [largest: number, smallest: number];
  mostLines: number;
}

export interface SetText {
  size: number;
  lines: string[];
}

/** Breaks a text into lines, in the largest type that it fits in; what does not fit even so is cut. */
export function setText(text: string, { width, sizes: [largest, smallest], mostLines }: Room): SetText {
  for (let size = largest; ; size -= 2) {
    const lines = linesOf(text, width / size);
    const isTooWide = lines.some((line) => widthOfText(line) * size > width);
    if (size <= smallest || (lines.length <= mostLines && !isTooWide))
      return { size, lines: cut(lines, mostLines, width / size) };
  }
}

function linesOf(text: string, ems: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of wordsOf(text)) {
    if (line !== '' && widthOfText(line + word.trimEnd()) > ems) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += word;
  }
  return [...lines, line.trimEnd()];
}

/** Japanese and its like may break anywhere. */
const wordsOf = (text: string) =>
  text.match(/[\u2e80-\u9fff\uac00-\ud7af]|[^\s\u2e80-\u9fff\uac00-\ud7af]+\s*|\s+/g) ?? [];

function cut(lines: readonly string[], mostLines: number, ems: number): string[] {
  const kept = lines.slice(0, mostLines).map((line) => fit(line, ems));
  if (lines.length > mostLines) kept[mostLines - 1] = fit(`${kept[mostLines - 1]}…`, ems);
  return kept;
}

function fit(line: string, ems: number): string {
  const characters = [...line];
  while (characters.length > 1 && widthOfText(characters.join('')) > ems) characters.splice(-2, 2, '…');
  return characters.join('');
}

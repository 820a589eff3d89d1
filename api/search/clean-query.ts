/** Where a file's name speaks of the copy and no longer of the film: nothing from there on is a part of the title. */
const copy =
  /^(?:\d{3,4}[pi]|[hx]\.?26[45]|blu-?ray|b[dr]rip|dvd(?:rip|scr)?|web(?:rip|-?dl)|hd(?:tv|rip|cam)|u?hd|hdr(?:10)?|remux|xvid|divx|hevc|aac|ac3|dts|yify|yts)$/i;
const fileType = /\.(?:mkv|mp4|avi|mov|wmv|m4v|mpe?g|srt)$/i;
/** Said of copies, and of films: left out only after a year. */
const edition =
  /^(?:extended|remastered|unrated|uncut|theatrical|directors?|final|cut|imax|proper|repack|internal|limited|multi|dubbed|subbed|complete|edition|4k)$/i;
const year = /^[([]?(?:18[7-9]|19\d|20\d)\d[)\]]?$/;
const article =
  /^(.+), (the|a|an|le|la|les|l'|un|une|el|los|las|il|lo|gli|der|die|das|de|het|o|os)(?= *(?:$|[([]))/i;

/** A query as a title would be written: out of a file's name, an address, or a catalogue's "Matrix, The". */
export function cleanQuery(query: string): string {
  const decoded = query.replace(/%20/g, ' ').trim();
  const parted = /\s/.test(decoded) ? decoded : fromFileName(decoded);
  return withoutCopy(parted).replace(article, '$2 $1');
}

/** Not those of initials, where one letter is on either side. */
const betweenWords = /(?<=[^.\s]{2})\.(?=[^.\s])|(?<=[^.\s])\.(?=[^.\s]{2})/g;

/** Points, underscores, plus signs and dashes instead of blanks. Points of initials and of numbers stay. */
function fromFileName(name: string): string {
  const plain = name.replace(fileType, '').replace(/[_+]+/g, ' ');
  const pointed = plain.replace(betweenWords, (point, at: number) =>
    /(?<!\d)\d{1,2}$/.test(plain.slice(0, at)) && /^\d{1,2}(?!\w)/.test(plain.slice(at + 1)) ? point : ' ',
  );
  const isSlug = (pointed.match(/-/g)?.length ?? 0) > 1;
  return isSlug && !/\s/.test(pointed) ? pointed.replaceAll('-', ' ') : pointed;
}

function withoutCopy(text: string): string {
  const words = text.split(/\s+/);
  const from = words.findIndex((word, at) => at > 0 && copy.test(word.replace(/^[([]+|[)\]]+$/g, '')));
  const kept = from < 0 ? words : words.slice(0, from);
  const dated = kept.findLastIndex((word, at) => at > 0 && year.test(word));
  // Between the year and what is said of the copy there is no title either.
  const isEdition = dated > 0 && (from > 0 || kept.slice(dated + 1).every((word) => edition.test(word)));
  return (isEdition ? kept.slice(0, dated + 1) : kept).join(' ');
}

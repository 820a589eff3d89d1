import { createDice } from './dice.ts';
import { drawMotif } from './motifs.ts';
import { type Palette, paletteOf } from './palette.ts';
import { escapeXml, setText } from './svg-text.ts';

/** What a picture shows. */
export type PictureSubject =
  | {
      kind: 'poster' | 'backdrop' | 'logo';
      title: string;
      year: string;
      genreIds: readonly number[];
      genre: string;
    }
  | { kind: 'portrait'; name: string }
  | { kind: 'badge' };

interface DrawOptions {
  /** What follows from chance follows from it. */
  seed: string;
  /** TMDb's name of a size: `w342`, `h632`, `original`. */
  size: string;
}

/** The room that is drawn in, and how wide the largest picture is. */
const rooms = {
  poster: { width: 200, height: 300, original: 1000 },
  backdrop: { width: 320, height: 180, original: 1920 },
  logo: { width: 320, height: 100, original: 1000 },
  portrait: { width: 200, height: 300, original: 1000 },
  badge: { width: 100, height: 100, original: 500 },
} as const;

const font = `font-family="'Helvetica Neue',Helvetica,Arial,'Liberation Sans','Noto Sans','Noto Sans CJK JP',sans-serif"`;

/** A picture as SVG, the same for the same seed and subject. */
export function drawPicture(subject: PictureSubject, { seed, size }: DrawOptions): string {
  const room = rooms[subject.kind];
  const { width, height } = sizeIn(room, size);

  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${room.width} ${room.height}" role="img"><title>${escapeXml(nameOf(subject))}</title>${contentOf(subject, seed)}</svg>`;
}

function nameOf(subject: PictureSubject): string {
  if ('title' in subject) return `${subject.title}${subject.year && ` (${subject.year})`}`;
  return 'name' in subject ? subject.name : 'Logo';
}

function sizeIn({ width, height, original }: (typeof rooms)[keyof typeof rooms], size: string) {
  const given = Number(size.slice(1));
  const wide = size.startsWith('h') ? (given * width) / height : size === 'original' ? original : given;
  return { width: Math.round(wide), height: Math.round((wide * height) / width) };
}

function contentOf(subject: PictureSubject, seed: string): string {
  switch (subject.kind) {
    case 'poster':
      return drawPoster(subject, seed);
    case 'backdrop':
      return drawBackdrop(subject, seed);
    case 'logo':
      return drawLogo(subject, seed);
    case 'portrait':
      return drawPortrait(subject.name, seed);
    case 'badge':
      return drawBadge(seed);
  }
}

type OfMovie = Extract<PictureSubject, { title: string }>;

const fade = ({ sky, ground, dark }: Palette) =>
  `<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="${sky}"/><stop offset="1" stop-color="${ground}"/></linearGradient><linearGradient id="shade" x2="0" y2="1"><stop offset=".45" stop-color="${dark}" stop-opacity="0"/><stop offset=".8" stop-color="${dark}" stop-opacity=".92"/></linearGradient></defs>`;

const filled = (width: number, height: number, fill: string) =>
  `<rect width="${width}" height="${height}" fill="${fill}"/>`;

function drawPoster({ title, year, genreIds, genre }: OfMovie, seed: string): string {
  const { width, height } = rooms.poster;
  const dice = createDice(seed);
  const palette = paletteOf(genreIds, dice);
  const { size, lines } = setText(title, { width: width - 28, sizes: [30, 12], mostLines: 4 });
  const foot = height - 42;
  const words = lines
    .map((line, at) => {
      const y = foot - (lines.length - 1 - at) * size * 1.08;
      return `<text x="14" y="${y.toFixed(1)}" font-size="${size}" font-weight="700" fill="#fff">${escapeXml(line)}</text>`;
    })
    .join('');
  const small = [year, genre].filter((each) => each !== '').join('  ·  ');
  return `${fade(palette)}${filled(width, height, 'url(#sky)')}${drawMotif(genreIds, { width, height, palette, dice })}${filled(width, height, 'url(#shade)')}<g ${font}>${words}<text x="14" y="${height - 18}" font-size="11" letter-spacing=".6" fill="${palette.light}">${escapeXml(small)}</text></g><rect x="14" y="${height - 34}" width="26" height="2" fill="${palette.light}"/>`;
}

/** Without words, as backdrops are. */
function drawBackdrop({ genreIds }: OfMovie, seed: string): string {
  const { width, height } = rooms.backdrop;
  const dice = createDice(seed);
  const palette = paletteOf(genreIds, dice);
  return `${fade(palette)}${filled(width, height, 'url(#sky)')}${drawMotif(genreIds, { width, height, palette, dice })}${filled(width, height, 'url(#shade)')}`;
}

/** The title alone, on nothing. */
function drawLogo({ title, genreIds }: OfMovie, seed: string): string {
  const { width, height } = rooms.logo;
  const palette = paletteOf(genreIds, createDice(seed));
  const { size, lines } = setText(title, { width: width - 16, sizes: [44, 14], mostLines: 2 });
  const first = height / 2 + size * (0.35 - (lines.length - 1) * 0.52);
  const words = lines.map(
    (line, at) =>
      `<text x="${width / 2}" y="${(first + at * size * 1.04).toFixed(1)}" font-size="${size}">${escapeXml(line)}</text>`,
  );
  return `<g ${font} font-weight="800" text-anchor="middle" fill="#fff" stroke="${palette.dark}" stroke-width="1" paint-order="stroke">${words.join('')}</g>`;
}

/** A bust in two shades, with initials. It looks like nobody. */
function drawPortrait(name: string, seed: string): string {
  const { width, height } = rooms.portrait;
  const dice = createDice(seed);
  const hue = Math.round(dice.between(0, 360));
  const [x, y] = [width / 2, Math.round(dice.between(112, 120))];
  const [wide, broad] = [Math.round(dice.between(39, 45)), Math.round(dice.between(58, 68))];
  const head = `<ellipse cx="${x}" cy="${y}" rx="${wide}" ry="53"/>`;
  const neck = `<path d="M${x - 19} ${y + 34} h38 v50 h-38Z"/>`;
  const shoulders = `<path d="M8 ${height} q4 -90 ${broad} -104 q${92 - broad} 22 ${184 - 2 * broad} 0 q${broad - 4} 14 ${broad} 104Z" fill="hsl(${hue} 42% 24%)"/>`;
  return `<defs><linearGradient id="wall" x2="0" y2="1"><stop stop-color="hsl(${hue} 34% 74%)"/><stop offset="1" stop-color="hsl(${hue} 36% 50%)"/></linearGradient></defs>${filled(width, height, 'url(#wall)')}<g fill="hsl(${hue} 38% 36%)">${neck}${head}</g>${shoulders}<text x="${x}" y="${height - 30}" ${font} font-size="40" font-weight="700" letter-spacing="2" text-anchor="middle" fill="#fff">${escapeXml(initialsOf(name))}</text>`;
}

/** The mark of a provider: a shape alone. */
function drawBadge(seed: string): string {
  const { width, height } = rooms.badge;
  const dice = createDice(seed);
  const hue = Math.round(dice.between(0, 360));
  const shape = dice.pick([
    '<path d="M38 28 L74 50 L38 72Z"/>',
    '<circle cx="50" cy="50" r="24"/>',
    '<path d="M50 24 L76 50 L50 76 L24 50Z"/>',
    '<path d="M30 34 h40 v12 h-40Z M30 54 h40 v12 h-40Z"/>',
  ]);
  return `<rect width="${width}" height="${height}" rx="18" fill="hsl(${hue} 55% 38%)"/><g fill="#fff">${shape}</g>`;
}

/** Of the first and the last name. */
function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  return chosen.map((word = '') => [...word][0]?.toLocaleUpperCase('en') ?? '').join('') || '?';
}

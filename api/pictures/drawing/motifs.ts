import type { Dice } from './dice.ts';
import type { Palette } from './palette.ts';

/** What is drawn behind the words. */
export interface Scene {
  width: number;
  height: number;
  palette: Palette;
  dice: Dice;
}

type Motif = (scene: Scene) => string;

const n = (value: number) => String(Math.round(value * 10) / 10);
const times = (count: number, draw: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => draw(at)).join('');
const circle = (x: number, y: number, r: number, fill: string, rest = '') =>
  `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" fill="${fill}"${rest}/>`;

/** A chain of hills from one side to the other. @param top where they begin, as a part of the height */
function hills({ width, height, dice }: Scene, top: number, fill: string, steps = 6): string {
  const points = Array.from({ length: steps + 1 }, (_, at) => {
    const y = height * (top + dice.between(-0.09, 0.09));
    return `L${n((width / steps) * at)} ${n(y)}`;
  });
  return `<path d="M0 ${n(height)} ${points.join(' ')} L${n(width)} ${n(height)}Z" fill="${fill}"/>`;
}

const mountains: Motif = (scene) => {
  const { width, height, palette, dice } = scene;
  return (
    circle(width * dice.between(0.25, 0.75), height * 0.3, height * 0.13, palette.light) +
    hills(scene, 0.5, palette.ground) +
    hills(scene, 0.66, palette.dark, 5)
  );
};

const stars = ({ width, height, dice }: Scene, count: number) =>
  times(count, () =>
    circle(
      width * dice.between(0, 1),
      height * dice.between(0, 0.7),
      dice.between(0.3, 1.1),
      '#fff',
      ' opacity=".8"',
    ),
  );

const planet: Motif = (scene) => {
  const { width, height, palette, dice } = scene;
  const [x, y, r] = [width * dice.between(0.35, 0.65), height * 0.36, height * dice.between(0.14, 0.19)];
  const ring = `<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(r * 1.8)}" ry="${n(r * 0.4)}" transform="rotate(${n(dice.between(-28, 28))} ${n(x)} ${n(y)})" fill="none" stroke="${palette.light}" stroke-width="2"/>`;
  return (
    stars(scene, 46) +
    circle(x, y, r, palette.light, ' opacity=".85"') +
    circle(x - r * 0.25, y - r * 0.15, r * 0.95, palette.ground, ' opacity=".55"') +
    ring +
    hills(scene, 0.8, palette.dark, 4)
  );
};

const moon: Motif = (scene) => {
  const { width, height, palette, dice } = scene;
  const [x, y, r] = [width * dice.between(0.3, 0.7), height * 0.3, height * 0.12];
  const trees = times(11, () => {
    const [left, tall] = [width * dice.between(-0.05, 1), height * dice.between(0.22, 0.5)];
    const foot = height * 0.86;
    return `<path d="M${n(left)} ${n(foot)} l${n(tall * 0.16)} ${n(-tall)} l${n(tall * 0.16)} ${n(tall)}Z" fill="${palette.dark}"/>`;
  });
  return (
    stars(scene, 20) +
    circle(x, y, r, palette.light) +
    circle(x + r * 0.4, y - r * 0.2, r * 0.9, palette.sky) +
    trees +
    hills(scene, 0.84, palette.dark, 5)
  );
};

const rays: Motif = ({ width, height, palette, dice }) => {
  const [x, y] = [width * dice.between(0.2, 0.8), height * 0.45];
  const far = width + height;
  const shards = times(14, (at) => {
    const from = (at / 14) * 2 * Math.PI + dice.between(0, 0.2);
    const to = from + dice.between(0.06, 0.2);
    const point = (angle: number) => `${n(x + far * Math.cos(angle))} ${n(y + far * Math.sin(angle))}`;
    return `<path d="M${n(x)} ${n(y)} L${point(from)} L${point(to)}Z" fill="${dice.pick([palette.light, palette.ground, palette.dark])}" opacity=".5"/>`;
  });
  return shards + circle(x, y, height * 0.07, palette.light);
};

const confetti: Motif = ({ width, height, palette, dice }) =>
  times(22, () =>
    circle(
      width * dice.between(0, 1),
      height * dice.between(0, 0.75),
      height * dice.between(0.02, 0.1),
      dice.pick([palette.light, palette.ground, '#fff']),
      ` opacity="${n(dice.between(0.3, 0.9))}"`,
    ),
  );

const skyline: Motif = ({ width, height, palette, dice }) => {
  const count = 9;
  const each = width / count;
  return times(count, (at) => {
    const tall = height * dice.between(0.25, 0.6);
    const top = height * 0.9 - tall;
    const windows = times(6, (row) =>
      times(2, (column) =>
        dice.between(0, 1) < 0.4
          ? `<rect x="${n(at * each + each * (0.22 + 0.36 * column))}" y="${n(top + 5 + row * 9)}" width="${n(each * 0.2)}" height="4" fill="${palette.light}" opacity=".8"/>`
          : '',
      ),
    );
    return `<rect x="${n(at * each)}" y="${n(top)}" width="${n(each + 0.5)}" height="${n(tall + height * 0.1)}" fill="${at % 2 === 0 ? palette.dark : palette.ground}"/>${windows}`;
  });
};

const rings: Motif = ({ width, height, palette, dice }) => {
  const [x, y] = [width * dice.between(0.3, 0.7), height * dice.between(0.3, 0.45)];
  return times(8, (at) =>
    circle(
      x,
      y,
      height * (0.05 + 0.06 * at),
      'none',
      ` stroke="${at % 2 === 0 ? palette.light : palette.ground}" stroke-width="4" opacity="${n(1 - at * 0.1)}"`,
    ),
  );
};

const curtain: Motif = ({ width, height, palette, dice }) => {
  const folds = 9;
  const drapes = times(folds, (at) => {
    const x = (width / folds) * at;
    const sway = dice.between(-6, 6);
    return `<path d="M${n(x)} 0 q${n(sway)} ${n(height / 2)} 0 ${n(height)} h${n(width / folds / 2)} q${n(sway)} ${n(-height / 2)} 0 ${n(-height)}Z" fill="${palette.ground}" opacity=".7"/>`;
  });
  return `${drapes}<ellipse cx="${n(width / 2)}" cy="${n(height * 0.42)}" rx="${n(width * 0.27)}" ry="${n(height * 0.2)}" fill="${palette.light}" opacity=".28"/>`;
};

const overlap: Motif = ({ width, height, palette, dice }) => {
  const [y, r] = [height * 0.36, Math.min(width, height) * dice.between(0.2, 0.27)];
  return (
    circle(width / 2 - r * 0.55, y, r, palette.light, ' opacity=".75"') +
    circle(width / 2 + r * 0.55, y, r, palette.ground, ' opacity=".75"')
  );
};

const bars: Motif = ({ width, height, palette, dice }) =>
  times(13, (at) => {
    const tall = height * dice.between(0.1, 0.5);
    return `<rect x="${n((width / 13) * at + 2)}" y="${n(height * 0.42 - tall / 2)}" width="${n(width / 13 - 4)}" height="${n(tall)}" rx="2" fill="${at % 3 === 0 ? palette.light : palette.ground}"/>`;
  });

const columns: Motif = ({ width, height, palette }) =>
  times(5, (at) => {
    const [x, each] = [width * (0.1 + 0.17 * at), width * 0.1];
    return `<rect x="${n(x)}" y="${n(height * 0.26)}" width="${n(each)}" height="${n(height * 0.5)}" fill="${palette.light}" opacity=".75"/>`;
  }) +
  `<path d="M${n(width * 0.04)} ${n(height * 0.25)} L${n(width / 2)} ${n(height * 0.1)} L${n(width * 0.96)} ${n(height * 0.25)}Z" fill="${palette.ground}"/><rect x="${n(width * 0.04)}" y="${n(height * 0.76)}" width="${n(width * 0.92)}" height="${n(height * 0.04)}" fill="${palette.ground}"/>`;

const valley: Motif = (scene) =>
  hills(scene, 0.42, scene.palette.light, 3) +
  hills(scene, 0.55, scene.palette.ground, 4) +
  hills(scene, 0.7, scene.palette.dark);

type Motifs = readonly [Motif, ...Motif[]];

/** By TMDb's genres. */
const motifs: Readonly<Record<number, Motifs>> = {
  28: [rays, skyline],
  12: [mountains, valley],
  16: [confetti],
  35: [confetti],
  80: [skyline],
  99: [rings, valley],
  18: [curtain, overlap, valley, skyline],
  10751: [mountains],
  14: [moon],
  36: [columns, valley],
  27: [moon, rings],
  10402: [bars],
  9648: [rings],
  10749: [overlap],
  878: [planet],
  10770: [overlap],
  53: [skyline],
  10752: [rays],
  37: [mountains],
};

export const drawMotif = (genreIds: readonly number[], scene: Scene): string =>
  scene.dice.pick(motifs[genreIds[0] ?? 0] ?? [curtain])(scene);

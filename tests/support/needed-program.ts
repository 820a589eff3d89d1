interface Needed {
  /** Under which names it may be installed. */
  names: readonly string[];
  /** The variable that, set to 1 (the gate), makes its absence a failure. */
  requiredBy: string;
  /** What then does not happen, loudly. */
  loss: string;
}

/** Where a program is that only some tests need. Where there is none they are skipped, with one loud line. */
export function neededProgram({ names, requiredBy, loss }: Needed): string | null {
  const program = names.map((name) => Bun.which(name)).find((path) => path !== null) ?? null;
  if (program !== null) return program;
  const line = `NO ${names[0]} ON THIS MACHINE: ${loss}`;
  if (process.env[requiredBy] === '1') throw new Error(`${line}, and ${requiredBy}=1 forbids that`);
  // Benches and other commands that use what tests share skip no test.
  if (process.env.NODE_ENV === 'test') process.stderr.write(`\n*** ${line} ***\n\n`);
  return null;
}

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

interface CommandLine<Options extends ParseArgsOptionsConfig> {
  /** What `--help` prints: how it is called first, then what it does. */
  usage: string;
  options?: Options;
  /** How many words may stand beside the options. */
  positionals?: number;
  /** What it ends with if it is called in another way. */
  misuseExitCode?: number;
}

type Parsed<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options; allowPositionals: true }>
>;

const helpOption = { help: { type: 'boolean', short: 'h' } } as const;

/**
 * The arguments of a command, read before it does anything: `--help` is answered, and what it does not know ends it
 * with a sentence. Nothing of what was given is repeated, since it could be a secret.
 */
export function readArguments<Options extends ParseArgsOptionsConfig = Record<never, never>>({
  usage,
  options = {} as Options,
  positionals: most = 0,
  misuseExitCode = 2,
}: CommandLine<Options>): Parsed<Options> {
  const refuse = (sentence: string): never => {
    process.stderr.write(`${sentence}\n\n${usage}\n`);
    process.exit(misuseExitCode);
  };
  const read = () => {
    try {
      return parseArgs({ options: { ...options, ...helpOption }, allowPositionals: true });
    } catch {
      return refuse(optionsOf(options));
    }
  };
  const parsed = read();
  if ((parsed.values as { help?: boolean }).help) {
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  }
  if (parsed.positionals.length > most)
    refuse(most === 0 ? 'This command takes no words beside its options.' : 'There are too many arguments.');
  return parsed as unknown as Parsed<Options>;
}

function optionsOf(options: ParseArgsOptionsConfig): string {
  const names = Object.keys(options).map((name) => `--${name}`);
  if (names.length === 0) return 'Only --help is understood.';
  return names.length === 1
    ? `The only option is ${names[0]}, besides --help.`
    : `The options are ${names.join(', ')} and --help.`;
}

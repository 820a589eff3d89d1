// Loaded before everything else (bunfig.toml): a program that is told to end while its modules are still being loaded
// has nothing to close, and ends in order. Whoever puts up a handler of its own has taken over.
const isProgram =
  /(^|\/)(scripts\/(start|migrate)|api\/main|api\/one-process|worker\/main|sandbox\/main)\.ts$/.test(
    Bun.main,
  );

if (isProgram)
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(0);
    });

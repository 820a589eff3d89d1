// Loaded before a program of ours (`BUN_OPTIONS`), which then fails as by a fault that nobody knows of.
process.on('SIGUSR2', () => {
  setTimeout(() => {
    throw new Error('nobody expected this');
  });
});
process.on('SIGWINCH', () => void Promise.reject(new Error('nobody waited for this')));
/** It lives on for a while, and cannot be told anything any more. */
process.on('SIGURG', () => {
  process.removeAllListeners('disconnect');
  process.disconnect?.();
  setTimeout(() => process.exit(3), 4000);
});

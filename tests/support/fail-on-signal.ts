// Loaded before a program of ours (`BUN_OPTIONS`), which then fails as by a fault that nobody knows of.
process.on('SIGUSR2', () => {
  setTimeout(() => {
    throw new Error('nobody expected this');
  });
});
process.on('SIGWINCH', () => void Promise.reject(new Error('nobody waited for this')));

/** Why the address cannot be listened on, and what to do; `undefined` for what has another cause. */
export function listenRefusal(
  error: unknown,
  { host, port }: { host: string; port: number },
): string | undefined {
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use. Stop what uses it, or set PORT to another one.`;
    case 'EACCES':
    case 'EPERM':
      return `This user may not listen on port ${port}. Set PORT to one above 1023, or give the process the right (CAP_NET_BIND_SERVICE).`;
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
    case 'ENOTFOUND':
    // Bun's, for a name that nobody knows.
    case 'EINPROGRESS':
    case 'EAI_AGAIN':
    case 'EAFNOSUPPORT':
      return `This machine has no address ${host}. Set HOST to one that it has: 127.0.0.1 for this machine alone, 0.0.0.0 for all networks.`;
    default:
      return syscall === 'listen'
        ? `The API cannot listen on ${host}, port ${port} (${String(code)}). Set HOST and PORT to others.`
        : undefined;
  }
}

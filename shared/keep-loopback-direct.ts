const loopback = ['127.0.0.1', 'localhost', '::1'];

/**
 * Takes our own addresses out of whatever proxy the environment names: `fetch` here would send even 127.0.0.1
 * through `HTTP_PROXY`, and the sandbox and our own api would be looked for behind it.
 */
export function keepLoopbackDirect(env: Record<string, string | undefined>): void {
  const listed = (env.NO_PROXY ?? env.no_proxy ?? '').split(',').map((entry) => entry.trim());
  const hosts = [...new Set([...listed, ...loopback])].filter((entry) => entry !== '');
  env.NO_PROXY = hosts.join(',');
  env.no_proxy = env.NO_PROXY;
}

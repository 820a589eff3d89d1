import { connect, createServer } from 'node:net';

/** The stores' host, for `dropped-packets.ts`: PostgreSQL's socket of this machine as a port of 10.77.0.2. */
const [socketPath = '', port] = process.argv.slice(2);
const server = createServer((near) => {
  const far = connect(socketPath);
  near.pipe(far).pipe(near);
  for (const socket of [near, far]) socket.on('error', () => {});
  near.on('close', () => far.destroy());
});
server.listen(Number(port), '10.77.0.2', () => process.stdout.write('ready\n'));

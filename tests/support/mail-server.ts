import { createServer, type Socket } from 'node:net';

export interface ReceivedMail {
  from: string;
  to: string;
  text: string;
}

export interface MailServer extends AsyncDisposable {
  url: string;
  mails: ReceivedMail[];
  /** How many connections are open. */
  open(): number;
}

interface MailServerOptions {
  refuses?: boolean;
  /** Says again and again that there is more to come. */
  neverEnds?: boolean;
  /** Takes nothing before. */
  goesOn?: Promise<void>;
}

/** As much of SMTP as takes a mail. */
export async function openMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    speak(socket, mails, options);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    open: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function speak(socket: Socket, mails: ReceivedMail[], options: MailServerOptions): void {
  const { refuses, neverEnds, goesOn = Promise.resolve() } = options;
  const say = (line: string) => socket.write(`${line}\r\n`);
  const sayForEver = () => {
    const more = setInterval(() => say('250-wait'), 20);
    socket.on('close', () => clearInterval(more));
  };
  let mail: ReceivedMail = { from: '', to: '', text: '' };
  let isData = false;
  let buffered = '';
  const commands: Record<string, (line: string) => void> = {
    EHLO: () => (neverEnds ? sayForEver() : say('250 mail.test')),
    HELO: () => say('250 mail.test'),
    STAR: () => say('502 no STARTTLS here'),
    MAIL: (line) => {
      mail = { from: line.replace(/^MAIL FROM:<(.*)>.*$/i, '$1'), to: '', text: '' };
      say('250 ok');
    },
    RCPT: (line) => {
      mail.to = line.replace(/^RCPT TO:<(.*)>.*$/i, '$1');
      void goesOn.then(() => say(refuses ? '550 nobody here' : '250 ok'));
    },
    DATA: () => {
      isData = true;
      say('354 go on');
    },
    QUIT: () => {
      say('221 bye');
      socket.end();
    },
  };
  socket.on('data', (chunk) => {
    buffered += chunk.toString('utf8');
    for (let end = buffered.indexOf('\r\n'); end !== -1; end = buffered.indexOf('\r\n')) {
      const line = buffered.slice(0, end);
      buffered = buffered.slice(end + 2);
      if (!isData) (commands[line.slice(0, 4).toUpperCase()] ?? (() => say('250 ok')))(line);
      else if (line === '.') {
        isData = false;
        mails.push(mail);
        say('250 taken');
      } else mail.text += `${line}\n`;
    }
  });
  say('220 mail.test');
}

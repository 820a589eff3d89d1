import { createTransport } from 'nodemailer';
import type { MailSettings } from '#shared/config.ts';

export interface Mail {
  to: string;
  subject: string;
  text: string;
}

export interface Mailer {
  send(mail: Mail): Promise<void>;
}

/** A mail server that does not answer is not waited for much longer than this. */
const answerMs = 10_000;
/** Nor one that goes on answering and never comes to an end: the mails behind this one wait for it. */
const mostMs = 60_000;

/** Links for new passwords cross no network in the clear, unless the operator says so (`?ignoreTLS=true`). */
function mustEncrypt(smtpUrl: string): boolean {
  const { hostname, searchParams } = new URL(smtpUrl);
  return !isLoopback(hostname) && searchParams.get('ignoreTLS') !== 'true';
}

const isLoopback = (host: string) => host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);

export function createMailer({ smtpUrl, from }: MailSettings, patienceMs = mostMs): Mailer {
  const transport = createTransport({
    url: smtpUrl,
    requireTLS: mustEncrypt(smtpUrl),
    connectionTimeout: answerMs,
    greetingTimeout: answerMs,
    socketTimeout: answerMs,
    dnsTimeout: answerMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      await transport.sendMail({ from, ...mail, signal: AbortSignal.timeout(patienceMs) });
    },
  };
}

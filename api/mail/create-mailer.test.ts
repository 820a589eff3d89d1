import { expect, test } from 'bun:test';
import { openMailServer } from '#tests/support/mail-server.ts';
import { until } from '#tests/support/until.ts';
import { createMailer } from './create-mailer.ts';

const from = 'Nexus <no-reply@nexus.test>';
const mail = { to: 'ada@example.org', subject: 'Hello', text: 'Hello.' };

test('a mail server that goes on answering for ever is left, and its connection closed', async () => {
  await using server = await openMailServer({ neverEnds: true });
  const mailer = createMailer({ smtpUrl: server.url, from }, 300);
  const sent = mailer.send(mail);
  sent.catch(() => {});
  await until(async () => server.open() === 1);
  await expect(sent).rejects.toThrow();
  await until(async () => server.open() === 0);
});

test('a mail that is taken in time is sent', async () => {
  await using server = await openMailServer();
  await createMailer({ smtpUrl: server.url, from }, 5000).send(mail);
  expect(server.mails.map(({ to }) => to)).toEqual(['ada@example.org']);
});

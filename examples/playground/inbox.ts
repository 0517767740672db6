import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { listenOn, type PlaygroundServer } from './listen-on.ts';

/** An SMTP server that accepts every mail and hands its lines to `print`. Sends nothing anywhere. */
export async function openInbox(
  port: number,
  print: (lines: readonly string[]) => void,
): Promise<PlaygroundServer> {
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        describeMail(Buffer.concat(chunks))
          .then(print)
          .then(() => done(), done);
      });
    },
  });
  const listening = await listenOn(smtp.server, port, 'inbox', 'SMTP_URL');
  return {
    port: listening.port,
    close: () => new Promise((resolve) => smtp.close(() => resolve())),
  };
}

async function describeMail(raw: Buffer): Promise<string[]> {
  const mail = await PostalMime.parse(raw);
  const to = (mail.to ?? []).map((address) => address.address).join(', ');
  const attachments = mail.attachments.map((attachment) => {
    const { content } = attachment;
    const bytes =
      typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer);
    return `  attached ${attachment.filename ?? '(no name)'}: ${bytes.toString('utf8').slice(0, 200)}`;
  });
  return [`mail to ${to}: ${mail.subject ?? '(no subject)'}`, ...attachments];
}

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface MailServer extends AsyncDisposable {
  readonly url: string;
  readonly mails: (Email & { readonly recipients: readonly string[] })[];
}

/** A real SMTP server on a free loopback port; it keeps what it was sent. */
export async function startMailServer(refuse?: string): Promise<MailServer> {
  const mails: MailServer['mails'] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        if (refuse !== undefined) return done(new Error(refuse));
        const mail = await PostalMime.parse(Buffer.concat(chunks));
        mails.push({ ...mail, recipients: session.envelope.rcptTo.map(({ address }) => address) });
        done();
      });
    },
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(resolve)),
  };
}

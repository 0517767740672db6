import { Service, SmtpMessage } from 'jobsd';

/** What the job declares as `extra`: under which key the newest data is kept. */
interface SyncInput {
  readonly key: string;
}

/** Asks the data source for what is new, keeps it, and mails it. Knows nothing of who calls it. */
export default class SyncData extends Service {
  override async handle() {
    const { key } = this.request.payload as SyncInput;
    const newest = await this.out.rest['My Data Source'].get('/', { cid: this.cid }).text();
    await this.kvdb.set(key, newest);

    const message = new SmtpMessage({
      to: 'team@example.com',
      subject: 'New data',
      text: 'The newest data is attached.',
    });
    message.attach('my.data.txt', newest);
    await this.email.smtp['My SMTP'].send(message);

    this.logger.info(`stored and mailed ${newest.length} characters`);
    return { key, characters: newest.length };
  }
}

import { Service } from 'jobsd';

/** Something that must happen exactly once, at a time agreed upon. */
export default class Cutover extends Service {
  override async handle() {
    await this.kvdb.set('cutover.done', new Date().toISOString());
    this.logger.info('switched to the new system');
  }
}

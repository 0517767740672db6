import { Service } from 'jobsd';

/** Says which data is newest. A stand-in for the report your own team sends at night. */
export default class NightlyReport extends Service {
  override async handle() {
    const newest = await this.kvdb.get('newest.data');
    this.logger.info(newest === undefined ? 'no data yet' : `newest data: ${newest}`);
    return { hasData: newest !== undefined };
  }
}

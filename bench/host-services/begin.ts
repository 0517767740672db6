import { Service } from 'jobsd';

/** Answers with the instant at which it began. */
export default class Begin extends Service {
  async handle() {
    return performance.timeOrigin + performance.now();
  }
}

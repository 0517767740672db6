import { Service } from 'jobsd';

/** Keeps its thread for two seconds. */
export default class Spin extends Service {
  async handle() {
    const until = Date.now() + 2000;
    while (Date.now() < until);
  }
}

import { Service } from 'jobsd';

export default class Noop extends Service {
  async handle() {}
}

import type { BuiltInService } from '../../config/built-in-services.ts';
import type { BuiltIn } from './built-in.ts';
import { httpRequest } from './http-request.ts';
import { sendMail } from './send-mail.ts';

const pong = { json: '"pong"' };

/** Every built-in service by name. */
export const builtIns: Readonly<Record<BuiltInService, BuiltIn>> = {
  'jobsd.ping': () => pong,
  'jobsd.echo': (call) => ({ json: call.payload }),
  'jobsd.log-input': (call) => {
    call.log('info', call.payload ?? 'no input');
    return { json: undefined };
  },
  'jobsd.http-request': httpRequest,
  'jobsd.send-mail': sendMail,
};

/** The public API. Hosts load this file with every service module: it stays light. */

export type { RestClient, RestMethod, RestOptions, RestRequest } from './endpoint/rest-client.ts';
export type { RestResponse } from './endpoint/rest-response.ts';
export type { QueryParams } from './endpoint/rest-url.ts';
export { type ErrorCode, JobsdError } from './errors.ts';
export type { ChannelKind, JobContext } from './host/executor.ts';
export { nextFires, ScheduleError } from './schedule/next-fires.ts';
export type { ScheduleDeclaration } from './schedule/schedule.ts';
export type { KeyValues } from './service/key-values.ts';
export { PermanentError } from './service/permanent-error.ts';
export { Service } from './service/service.ts';
export type {
  ServiceContext,
  ServiceLogger,
  ServiceRequest,
  SmtpSender,
} from './service/service-context.ts';
export { type Recipients, SmtpMessage, type SmtpMessageFields } from './service/smtp-message.ts';

import { JobsdError } from '../errors.ts';

export type Recipients = string | readonly string[];

export interface SmtpMessageFields {
  readonly to: Recipients;
  readonly cc?: Recipients;
  readonly bcc?: Recipients;
  /** Default: the endpoint's `from`. */
  readonly from?: string;
  readonly replyTo?: string;
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
}

export interface Attachment {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly contentType?: string;
}

/** One e-mail, to be sent with `this.email.smtp[name].send(message)`. */
export class SmtpMessage {
  readonly fields: SmtpMessageFields;
  readonly attachments: Attachment[] = [];

  /** Throws JOBSD_INPUT_INVALID when nobody is to receive it. */
  constructor(fields: SmtpMessageFields) {
    if (!hasRecipient(fields)) {
      throw new JobsdError('JOBSD_INPUT_INVALID', 'A message needs "to", "cc" or "bcc".');
    }
    this.fields = fields;
  }

  /** Adds a file. The type is told from the name's ending unless `contentType` says it. */
  attach(name: string, content: string | Uint8Array, contentType?: string): this {
    if (typeof content !== 'string' && !(content instanceof Uint8Array)) {
      const detail = `The content of attachment "${name}" must be a text or bytes.`;
      throw new JobsdError('JOBSD_INPUT_INVALID', detail);
    }
    this.attachments.push({ name, content, ...(contentType && { contentType }) });
    return this;
  }
}

function hasRecipient(fields: SmtpMessageFields): boolean {
  return [fields.to, fields.cc, fields.bcc].some((who) => who !== undefined && who.length > 0);
}

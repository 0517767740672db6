import Type, { type Static } from 'typebox';
import { closed, use } from './definition.ts';
import { duration } from './duration.ts';

const timeout = Type.Optional(
  use('duration', duration, {
    default: '30s',
    description: 'How long one exchange with the endpoint may take.',
    examples: ['10s'],
  }),
);

const typeOf = <Name extends string>(name: Name, description: string) =>
  Type.Literal(name, { description, examples: [name] });

const secretText = (description: string, example: string) =>
  Type.String({ minLength: 1, description, examples: [example] });

const auth = Type.Object(
  {
    basic: Type.Optional(
      Type.Object(
        {
          username: secretText('The user.', 'jobsd'),
          password: secretText('The password.', '${env:API_PASSWORD}'),
        },
        {
          ...closed,
          description: 'User and password (RFC 7617).',
          examples: [{ username: 'jobsd', password: '${env:API_PASSWORD}' }],
        },
      ),
    ),
    bearer: Type.Optional(secretText('A bearer token (RFC 6750).', '${env:API_TOKEN}')),
    header: Type.Optional(
      Type.Object(
        {
          name: secretText('Name of the header.', 'X-API-Key'),
          value: secretText('Its value.', '${env:API_KEY}'),
        },
        {
          ...closed,
          description: 'A header of another name.',
          examples: [{ name: 'X-API-Key', value: '${env:API_KEY}' }],
        },
      ),
    ),
  },
  {
    ...closed,
    minProperties: 1,
    maxProperties: 1,
    description: 'How requests say who they are from.',
    examples: [{ bearer: '${env:API_TOKEN}' }],
  },
);

export const restEndpoint = Type.Object(
  {
    type: typeOf('rest', 'A server that is spoken to over HTTP.'),
    url: Type.String({
      minLength: 1,
      description: 'Base address; paths given by services are added to it.',
      examples: ['https://api.example.com/v2', '${env:DATA_SOURCE_URL}'],
    }),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'Headers sent with every request.',
        examples: [{ Authorization: 'Bearer ${env:API_TOKEN}' }],
      }),
    ),
    auth: Type.Optional(auth),
    timeout,
    maxResponseBytes: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_073_741_824,
        default: 33_554_432,
        description: 'Longer answers are refused.',
        examples: [1_048_576],
      }),
    ),
  },
  { ...closed, title: 'REST endpoint' },
);

export const smtpEndpoint = Type.Object(
  {
    type: typeOf('smtp', 'A mail server that takes outgoing mail.'),
    url: Type.String({
      minLength: 1,
      description: 'Address of the server, with user and password where it wants them.',
      examples: [
        'smtp://127.0.0.1:25',
        'smtps://${env:MAIL_USER}:${env:MAIL_PASSWORD}@mail.example.com',
      ],
    }),
    from: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Sender of mails that name none.',
        examples: ['Reports <reports@example.com>'],
      }),
    ),
    timeout,
  },
  { ...closed, title: 'SMTP endpoint' },
);

export type EndpointDeclaration = Static<typeof restEndpoint> | Static<typeof smtpEndpoint>;

export const endpoint = Type.Unsafe<EndpointDeclaration>({
  title: 'Endpoint',
  type: 'object',
  discriminator: { propertyName: 'type' },
  required: ['type'],
  oneOf: [{ $ref: '#/$defs/restEndpoint' }, { $ref: '#/$defs/smtpEndpoint' }],
});

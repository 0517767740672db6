/** Services that come with jobsd; jobs may name them without declaring them. */
export const builtInServices = [
  'jobsd.ping',
  'jobsd.echo',
  'jobsd.log-input',
  'jobsd.http-request',
  'jobsd.send-mail',
] as const;

export type BuiltInService = (typeof builtInServices)[number];

const names: ReadonlySet<string> = new Set(builtInServices);

export function isBuiltInService(name: string): name is BuiltInService {
  return names.has(name);
}

import type { Finding } from '../config/finding.ts';
import { nearestName } from '../config/nearest-name.ts';
import type { RuleEntry } from '../config/rules/rule-entry.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { JobsdError } from '../errors.ts';
import { type ChosenSchedule, chooseCron, chooseJobs } from './chosen-schedules.ts';
import type { CommandContext } from './command-context.ts';
import { loadFiles } from './load-snapshot.ts';
import { noteFindings } from './print-findings.ts';

/** What the argument of `explain` names. */
export type ExplainSubject =
  | { readonly kind: 'job' | 'cron'; readonly chosen: ChosenSchedule }
  | { readonly kind: 'rule'; readonly rule: RuleEntry };

/**
 * A job wins over an expression and over a rule of its name. Files with errors keep nobody from
 * asking what a rule means: that is when it is asked.
 */
export async function findSubject(
  context: CommandContext,
  text: string,
  timezone: string,
): Promise<ExplainSubject> {
  const { rules } = await import('../config/rules.ts');
  const loaded = await loadFiles(context);
  const job = loaded.ok ? loaded.snapshot.jobs.get(text) : undefined;
  if (job !== undefined) {
    const [chosen] = await chooseJobs(context, [job]);
    if (chosen !== undefined) return { kind: 'job', chosen };
  }
  const rule = rules.find(({ id }) => id === text);
  if (rule !== undefined) return { kind: 'rule', rule };
  if (looksLikeCron(text)) return { kind: 'cron', chosen: chooseCron(context, text, timezone) };
  if (!loaded.ok) await refuseBrokenFiles(context, loaded.findings);
  throw notFound(text, loaded.ok ? loaded.snapshot : undefined, rules);
}

/** It has signs that no name has, or is several words that begin as an expression does. */
function looksLikeCron(text: string): boolean {
  return /[*?@#,]/.test(text) || /^\s*([\dHL])(?![a-z]{2})\S*\s+\S/i.test(text);
}

async function refuseBrokenFiles(
  context: CommandContext,
  findings: readonly Finding[],
): Promise<never> {
  await noteFindings(context, findings);
  throw new JobsdError('JOBSD_CONFIG_INVALID', 'Correct the files; jobsd validate checks them.');
}

function notFound(
  text: string,
  snapshot: Snapshot | undefined,
  rules: readonly RuleEntry[],
): JobsdError {
  const names = [...(snapshot?.jobs.keys() ?? []), ...rules.map(({ id }) => id)];
  const nearest = nearestName(text, names);
  const hint =
    nearest === undefined
      ? 'See: jobsd jobs. An expression stands in quotes: jobsd explain "30 2 * * *"'
      : `Did you mean "${nearest}"?`;
  return new JobsdError(
    'JOBSD_JOB_NOT_FOUND',
    `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}" is neither a job nor a cron expression nor a rule. ${hint}`,
  );
}

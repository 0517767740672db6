import type { Command } from 'commander';
import { readTime, readTimezone } from '../arguments/read-time.ts';
import type { Act, CommandContext } from '../command-context.ts';
import type { ExitCode } from '../command-io.ts';
import { type ExplainSubject, findSubject } from '../explain-subject.ts';
import { examples } from '../view/examples.ts';

export interface ExplainOptions {
  readonly timezone?: string;
  readonly from?: string;
}

export function define(command: Command, act: Act): void {
  command
    .argument('<subject>', 'a job, a cron expression in quotes, or a rule of a finding')
    .option('--timezone <zone>', 'the zone of an expression, or to show times in')
    .option('--from <time>', 'what comes after this instead of now')
    .addHelpText(
      'after',
      `${examples(
        ['jobsd explain nightly-report', 'what it does when, and why'],
        ['jobsd explain "*/7 9-17 * * MON-FRI"', 'an expression in words'],
        ['jobsd explain "30 2 * * *" --timezone Europe/Athens', ''],
        ['jobsd explain unknown-service', 'what a finding means'],
      )}

For a job it shows all it runs with, and the line of a file each value is from.`,
    )
    .action((subject: string, options: ExplainOptions) =>
      act((context) => explain(context, subject, options)),
    );
}

/** Explains what a job, an expression or a rule means. */
export async function explain(
  context: CommandContext,
  text: string,
  options: ExplainOptions,
): Promise<ExitCode> {
  const zone = options.timezone === undefined ? undefined : readTimezone(options.timezone);
  const subject = await findSubject(context, text, zone ?? 'UTC');
  if (subject.kind === 'rule') await showRule(context, subject);
  else await showSchedule(context, subject, zone ?? subject.chosen.schedule.timezone, options);
  return 0;
}

async function showRule(
  context: CommandContext,
  { rule }: Extract<ExplainSubject, { kind: 'rule' }>,
): Promise<void> {
  const { renderRule } = await import('../view/render-rule.ts');
  const { io, paint } = context;
  if (context.format === 'json') {
    const { id, ...rest } = rule;
    context.printJson({ kind: 'rule', rule: id, ...rest });
    return;
  }
  for (const line of renderRule(rule, { width: io.columns, paint })) context.print(line);
}

async function showSchedule(
  context: CommandContext,
  { chosen }: Extract<ExplainSubject, { kind: 'job' | 'cron' }>,
  timezone: string,
  { from }: ExplainOptions,
): Promise<void> {
  const { io, paint } = context;
  const now = io.clock.now();
  const after = from === undefined ? now : readTime('--from', from, timezone);
  // Only here: the words are told with a library that takes a while to load.
  const { explainSchedule } = await import('../explain-schedule.ts');
  const explanation = await explainSchedule(context, chosen, { after, timezone });
  if (context.format === 'json') {
    const { explanationView } = await import('../view/explanation-view.ts');
    context.printJson(explanationView(explanation));
    return;
  }
  const { renderExplanation } = await import('../view/render-explanation.ts');
  const screen = { width: io.columns, paint, now };
  for (const line of renderExplanation(explanation, screen)) context.print(line);
}

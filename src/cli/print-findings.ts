import type { Finding } from '../config/finding.ts';
import { type CommandContext, wantsColor } from './command-context.ts';

/** Findings as a result: on standard output. */
export async function printFindings(
  context: CommandContext,
  findings: readonly Finding[],
): Promise<void> {
  if (findings.length === 0) return;
  context.io.stdout.write(await rendered(findings, context.hasColor));
}

/** Findings as the reason why something else could not be done: on standard error. */
export async function noteFindings(
  context: CommandContext,
  findings: readonly Finding[],
): Promise<void> {
  if (findings.length === 0) return;
  const hasColor = wantsColor(context.io, { color: context.hasColor }, 'stderr');
  context.io.stderr.write(await rendered(findings, hasColor));
}

async function rendered(findings: readonly Finding[], hasColor: boolean): Promise<string> {
  // Who has no findings does not load what draws them.
  const { renderFindings } = await import('./view/render-findings.ts');
  return renderFindings(findings, { color: hasColor });
}

import type { Finding } from '../config/finding.ts';
import { type CommandContext, formatVersion, wantsColor } from './command-context.ts';
import { findingsView } from './view/finding-view.ts';

/** Findings as a result: on standard output, and how many they are on standard error. */
export async function printFindings(
  context: CommandContext,
  findings: readonly Finding[],
): Promise<void> {
  if (findings.length === 0) return;
  // Who has no findings does not load what draws them.
  const { renderFindingCount, renderFindings } = await import('./view/render-findings.ts');
  context.io.stdout.write(renderFindings(findings, { color: context.hasColor }));
  context.note(renderFindingCount(findings).trimEnd());
}

/**
 * Findings as the reason why something else could not be done: on standard error, for programs as one
 * line of JSON before that of the error.
 */
export async function noteFindings(
  context: CommandContext,
  findings: readonly Finding[],
): Promise<void> {
  if (findings.length === 0) return;
  if (context.format === 'json') {
    const json = { formatVersion, ...findingsView(findings) };
    context.io.stderr.write(`${JSON.stringify(json)}\n`);
    return;
  }
  const hasColor = wantsColor(context.io, { color: context.hasColor }, 'stderr');
  const { renderFindings } = await import('./view/render-findings.ts');
  context.io.stderr.write(renderFindings(findings, { color: hasColor }));
}

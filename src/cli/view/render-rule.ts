import type { RuleEntry } from '../../config/rules/rule-entry.ts';
import type { Paint } from '../../telemetry/paint.ts';
import { visibleText } from './visible-text.ts';
import { wrapText } from './wrap-text.ts';

/** What a rule means, a file that breaks it, and the way out. */
export function renderRule(
  { id, meaning, example, wayOut }: RuleEntry,
  { width, paint }: { readonly width: number; readonly paint: Paint },
): string[] {
  const lines = example?.trimEnd().split('\n') ?? [];
  return [
    paint.bold(id),
    ...wrapText(meaning, width),
    ...(lines.length === 0 ? [] : ['', paint.dim('For example:'), '']),
    ...lines.map((line) => `    ${visibleText(line)}`),
    '',
    ...wrapText(`${paint.dim('Way out:')} ${wayOut}`, width),
  ];
}

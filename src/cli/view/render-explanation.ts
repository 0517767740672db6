import type { Instant } from '../../clock/clock.ts';
import type { EffectiveValue } from '../../config/effective-definition.ts';
import type { Origin } from '../../config/locate-origin.ts';
import { dateText } from '../../schedule/words/local-text.ts';
import type { Paint } from '../../telemetry/paint.ts';
import type { Explanation } from '../explain-schedule.ts';
import { clockChangeLines } from './clock-change-lines.ts';
import { renderFires } from './render-fires.ts';
import { type Cell, type Column, renderTable } from './render-table.ts';
import { wrapText } from './wrap-text.ts';

interface Screen {
  readonly width: number;
  readonly paint: Paint;
  readonly now: Instant;
}

/** A job or an expression: words, the next fires, clock changes, and where each value is from. */
export function renderExplanation(explanation: Explanation, screen: Screen): string[] {
  const { words, fires, definition } = explanation;
  const { width } = screen;
  return [
    ...heading(explanation, screen),
    ...wrapText(words.sentence, width),
    ...words.notes.flatMap((note) => wrapText(`- ${note}`, width, '  ')),
    '',
    ...(fires.length === 0 ? [nothingAhead(explanation)] : renderFires(fires, screen, false)),
    ...clockChangeSection(explanation, screen),
    ...(definition === undefined ? [] : ['', ...renderDefinition(definition, screen)]),
  ];
}

/** On one line where it fits. */
function heading(explanation: Explanation, { paint, width }: Screen): readonly string[] {
  const { kind, title, schedule, timezone, place = '' } = explanation;
  if (kind === 'cron') return [`${paint.bold(title)}  ${timezone}`];
  const whole = `${title}  ${schedule}  ${place}`;
  const first = `${paint.bold(title)}  ${schedule}`;
  return whole.length <= width ? [`${first}  ${paint.dim(place)}`] : [first, paint.dim(place)];
}

function nothingAhead({ type }: Explanation): string {
  return type === 'manual' ? 'It has no times of its own.' : 'No more fires.';
}

/** Nothing for what has no times. */
function clockChangeSection(explanation: Explanation, { paint, width }: Screen): string[] {
  const { type, timezone, changes, effects, range } = explanation;
  if (type === 'manual') return [];
  const lines = clockChangeLines(timezone, changes, effects);
  const title = paint.dim(`CLOCK CHANGES until ${dateText(range.upTo)}`);
  return ['', title, ...lines.flatMap((line) => wrapText(line, width, '  '))];
}

const columns: readonly Column[] = [
  { title: 'KEY' },
  { title: 'VALUE', minWidth: 20 },
  { title: 'FROM', minWidth: 12 },
];

function renderDefinition(definition: readonly EffectiveValue[], screen: Screen): string[] {
  const rows = definition.map(({ key, value, origin }): Cell[] => [
    { text: key },
    { text: typeof value === 'string' ? value : JSON.stringify(value) },
    { text: originText(origin), ...(origin.kind === 'default' && { color: 'dim' }) },
  ]);
  return renderTable(columns, rows, screen);
}

function originText(origin: Origin): string {
  if (origin.kind === 'default') return 'default';
  const { file, line } = origin.place;
  const whose = origin.kind === 'job' ? '' : ` (${origin.kind})`;
  return `${file}:${line}${whose}`;
}

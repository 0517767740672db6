/** A block of code in a Markdown document. */
export interface Fence {
  readonly language: string;
  /** The file that the block is, by a comment before it: `<!-- file: jobs.d/a.yaml -->`. */
  readonly file: string | undefined;
  /** A comment before it says that it is not to be tried: `<!-- ignore -->`. */
  readonly isIgnored: boolean;
  /** The heading of level 2 under which it stands; empty before the first. */
  readonly section: string;
  /** Of its first line of code, from 1. */
  readonly line: number;
  readonly lines: readonly string[];
}

/** All fenced blocks, in order; those within list items lose the indentation of their fence. */
export function readFences(markdown: string): Fence[] {
  const fences: Fence[] = [];
  let open: { indent: number; ticks: string; fence: Fence & { lines: string[] } } | undefined;
  let section = '';
  let note = '';
  for (const [index, line] of markdown.split('\n').entries()) {
    const [, indent = '', ticks = '', language = ''] = /^( *)(`{3,})(.*)$/.exec(line) ?? [];
    if (open !== undefined) {
      const isEnd = ticks.length >= open.ticks.length && language.trim() === '';
      if (!isEnd) open.fence.lines.push(line.slice(open.indent));
      else fences.push(open.fence);
      if (isEnd) open = undefined;
      continue;
    }
    if (ticks !== '') {
      const [, file] = /^<!-- file: (\S+) -->$/.exec(note) ?? [];
      const isIgnored = note === '<!-- ignore -->';
      const fence = {
        language: language.trim(),
        file,
        isIgnored,
        section,
        line: index + 2,
        lines: [],
      };
      open = { indent: indent.length, ticks, fence };
    }
    if (line.startsWith('## ')) section = line.slice(3);
    if (line.trim() !== '') note = line.trim();
  }
  if (open) throw new Error(`the block that begins in line ${open.fence.line} has no end`);
  return fences;
}

/** A command of a shell fence, and the lines that it is shown to print. */
export interface Command {
  readonly line: number;
  readonly text: string;
  readonly output: readonly string[];
}

/**
 * Lines that begin with `$ ` are commands (`> ` goes on with one); what follows is their output. In a
 * block without such lines each line is a command, and what it prints is not shown.
 */
export function readCommands(fence: Fence): Command[] {
  if (!fence.lines.some((line) => line.startsWith('$ '))) {
    return fence.lines
      .map((text, index) => ({ line: fence.line + index, text, output: [] }))
      .filter(({ text }) => text.trim() !== '' && !text.startsWith('#'));
  }
  const commands: { line: number; text: string; output: string[] }[] = [];
  for (const [index, line] of fence.lines.entries()) {
    const last = commands.at(-1);
    if (line.startsWith('$ ')) {
      commands.push({ line: fence.line + index, text: line.slice(2), output: [] });
    } else if (last && last.output.length === 0 && line.startsWith('> ')) {
      last.text += `\n${line.slice(2)}`;
    } else last?.output.push(line);
  }
  return commands.map((command) => ({ ...command, output: withoutBlankEnds(command.output) }));
}

function withoutBlankEnds(lines: readonly string[]): string[] {
  const text = lines.join('\n').replace(/^\n+|\s+$/g, '');
  return text === '' ? [] : text.split('\n');
}

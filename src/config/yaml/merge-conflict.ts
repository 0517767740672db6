import type { TextProblem } from './text-problem.ts';

const mark = /^(?:<{7}|\|{7}|={7}|>{7})(?= |\r?$)[^\r\n]*/gm;
const notes: Readonly<Record<string, string>> = {
  '|': 'what both were made from',
  '=': 'the other side begins here',
  '>': 'it ends here',
};
/** Nobody resolves more of them at a time. */
const mostConflicts = 100;

/**
 * The conflicts that git has left in a text, each with all of its marks. To be asked of texts that
 * are no YAML only: in a text of several lines such lines may be meant.
 */
export function mergeConflicts(text: string): readonly TextProblem[] {
  const problems: TextProblem[] = [];
  for (const { 0: line, index: start } of text.matchAll(mark)) {
    const stretch = { start, end: start + line.length };
    const last = problems.at(-1);
    if (line.startsWith('<')) {
      if (problems.length >= mostConflicts) break;
      problems.push({ ...conflict, ...stretch, related: [] });
    } else if (last?.related !== undefined && last.related.at(-1)?.note !== notes['>']) {
      const related = [...last.related, { ...stretch, note: notes[line.charAt(0)] ?? '' }];
      problems[problems.length - 1] = { ...last, related };
    }
  }
  return problems.filter(({ related }) => related?.at(-1)?.note === notes['>']);
}

const conflict = {
  rule: 'merge-conflict',
  message: 'git has left a conflict in the file',
  note: 'one side begins here',
  help: 'Keep one of the sides, or what is right of both, and remove the lines with the marks.',
};

import { currentLine, type Stretch } from './stretch.ts';
import type { TextProblem } from './text-problem.ts';

/** The mistakes that people really make, recognised from the line on which YAML gave up. */
export function likelyMistake(text: string, stretch: Stretch): TextProblem | undefined {
  const line = currentLine(text, stretch.start);
  return (
    unquoted(line, stretch) ??
    tab(line) ??
    missingSpace(line, stretch) ??
    template(line, stretch) ??
    deeperLine(text, line, stretch)
  );
}

type Line = Stretch & { readonly text: string };

/** `cron: * * * * *` and `cron: @daily`: by far the most frequent mistakes of these files. */
function unquoted(line: Line, stretch: Stretch): TextProblem | undefined {
  const value = /(?:^\s*|- +|: +|[[,{] *)((?:\*(?:\/\d+)? |@[a-z])[^"'#]*)/i.exec(line.text);
  if (value?.[1] === undefined) return undefined;
  const start = line.start + value.index + value[0].length - value[1].length;
  const isInFlow = /[[{]/.test(line.text.slice(0, start - line.start));
  const written = (isInFlow ? value[1].replace(/(, *\w+:.*|[\]},].*)$/, '') : value[1]).trimEnd();
  // The error is about this value, or about what YAML took for its rest.
  if (stretch.start < start || stretch.start > start + written.length) return undefined;
  return {
    rule: 'unquoted-cron',
    message: `a value that begins with "${written.charAt(0)}" has to be in quotes`,
    start,
    end: start + written.length,
    note: `write "${written}"`,
    help: 'YAML gives * and @ at the beginning of a value a meaning of its own.',
  };
}

function tab(line: Line): TextProblem | undefined {
  const indent = /^ *\t/.exec(line.text);
  if (indent === null) return undefined;
  const start = line.start + indent[0].length - 1;
  return {
    rule: 'yaml-tab',
    message: 'a tab is used for indentation',
    start,
    end: start + 1,
    help: 'YAML allows only spaces there. Replace each tab by two spaces.',
  };
}

function missingSpace(line: Line, stretch: Stretch): TextProblem | undefined {
  const pair = /^\s*(?:- +)?([A-Za-z][\w.-]*):(?![\s/])(\S.*)/.exec(line.text);
  if (pair?.[1] === undefined || pair[2] === undefined) return undefined;
  const colon = line.start + pair[0].length - pair[2].length - 1;
  if (stretch.start > colon) return undefined;
  return {
    rule: 'yaml-syntax',
    message: 'a space is missing after the colon',
    start: colon,
    end: colon + 1,
    help: `Write \`${pair[1]}: ${pair[2].trim().slice(0, 60)}\`.`,
  };
}

function template(line: Line, stretch: Stretch): TextProblem | undefined {
  const braces = /\{\{[^}]*\}\}/.exec(line.text);
  if (braces === null) return undefined;
  const start = line.start + braces.index;
  if (stretch.start < start || stretch.start > start + braces[0].length) return undefined;
  return {
    rule: 'yaml-syntax',
    message: 'a value that begins with "{{" has to be in quotes',
    start,
    end: start + braces[0].length,
    help: 'Templates are not filled in; `${env:NAME}` works in settings of endpoints.',
  };
}

/** `type: manual` and below it, deeper, `service: a`. */
function deeperLine(text: string, line: Line, stretch: Stretch): TextProblem | undefined {
  const rest = text.slice(stretch.start, line.end);
  if (!/: \S/.test(line.text.slice(0, stretch.start - line.start + 1)) || /: /.test(rest))
    return undefined;
  const next = /^\r?\n( *)([\w.-]+): /.exec(text.slice(line.end, line.end + 200));
  if (next?.[1] === undefined || next[2] === undefined) return undefined;
  const indent = /^ */.exec(line.text)?.[0].length ?? 0;
  if (next[1].length <= indent) return undefined;
  const start = line.end + next[0].indexOf(next[2]);
  return {
    rule: 'yaml-syntax',
    message: 'this line is indented deeper than the key above it, which has a value already',
    start,
    end: start + next[2].length,
    help: 'Begin it in the same column as the key above it.',
  };
}

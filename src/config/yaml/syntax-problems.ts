import type { Document, ErrorCode, YAMLError } from 'yaml';
import type { TextProblem } from './text-problem.ts';

/**
 * What the library found wrong, in our words. Only the first error of a document counts: those
 * after it mostly come from reading on in the wrong place.
 */
export function syntaxProblems(
  text: string,
  document: Document.Parsed,
  second: Document.Parsed | undefined,
): readonly TextProblem[] {
  const [first] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (first !== undefined) return [syntaxProblem(text, first)];
  if (second !== undefined) return [severalDocuments(text, second)];
  return [];
}

function syntaxProblem(text: string, error: YAMLError): TextProblem {
  const stretch = stretchOf(text, error);
  return unquotedProblem(text, stretch) ?? tabProblem(text, stretch) ?? explained(error, stretch);
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

function stretchOf(text: string, error: YAMLError): Stretch {
  const start = Math.min(error.pos[0], Math.max(0, text.length - 1));
  return { start, end: Math.max(start + 1, Math.min(error.pos[1], text.length)) };
}

/** `cron: * * * * *` and `cron: @daily`: by far the most frequent mistakes of these files. */
function unquotedProblem(text: string, stretch: Stretch): TextProblem | undefined {
  const lineStart = text.lastIndexOf('\n', stretch.start - 1) + 1;
  const lineEnd = text.indexOf('\n', lineStart);
  const line = text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd).slice(0, 1000);
  const value = /^\s*(?:- +)?(?:[\w"'-]+ *: +)?(?:- +)?([*@][^#"']*)/.exec(line);
  const written = value?.[1]?.trimEnd();
  if (value === null || written === undefined || !/^@\w|^\*(?:\/\d+)? /.test(written)) {
    return undefined;
  }
  const start = lineStart + value[0].indexOf(written);
  return {
    rule: 'unquoted-cron',
    message: `a value that begins with "${written.charAt(0)}" has to be in quotes`,
    start,
    end: start + written.length,
    note: `write "${written}"`,
    help: 'YAML gives * and @ at the beginning of a value a meaning of its own.',
  };
}

function tabProblem(text: string, stretch: Stretch): TextProblem | undefined {
  const lineStart = text.lastIndexOf('\n', stretch.start - 1) + 1;
  const indent = /^ *\t/.exec(text.slice(lineStart, lineStart + 1000));
  if (indent === null) return undefined;
  const start = lineStart + indent[0].length - 1;
  return {
    rule: 'yaml-tab',
    message: 'a tab is used for indentation',
    start,
    end: start + 1,
    help: 'YAML allows only spaces there. Replace each tab by two spaces.',
  };
}

function explained(error: YAMLError, stretch: Stretch): TextProblem {
  const explanation = explanations[error.code];
  const message = explanation?.message ?? readable(error.message);
  const help = explanation?.help;
  const rule = explanation?.rule ?? 'yaml-syntax';
  return { rule, message, ...stretch, ...(help === undefined ? {} : { help }) };
}

interface Explanation {
  readonly rule?: string;
  readonly message?: string;
  readonly help?: string;
}

const explanations: Partial<Record<ErrorCode, Explanation>> = {
  BAD_INDENT: {
    help: 'The keys of one map stand in the same column, deeper than the key above them.',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'a second ": " on one line',
    help: 'Put the value in quotes if the colon belongs to it, or begin a new line.',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'this line is neither "key: value" nor the continuation of a value',
    help: 'A colon may be missing, or the indentation is not that of its neighbours.',
  },
  MISSING_CHAR: {
    help: 'Close every quote and bracket, and write ": " between key and value.',
  },
  MULTIPLE_DOCS: { rule: 'yaml-several-documents' },
  TAB_AS_INDENT: { rule: 'yaml-tab', message: 'a tab is used for indentation' },
  TAG_RESOLVE_FAILED: {
    rule: 'yaml-tag',
    message: 'this tag is not known',
    help: 'Tags (`!name`) have no meaning here. Remove it; put the value in quotes if it begins with "!".',
  },
};

/** The library's sentence, beginning small and without a full stop as all our messages. */
function readable(message: string): string {
  const first = message.split('\n', 1)[0] ?? message;
  const short = first.length > 160 ? `${first.slice(0, 157)}...` : first;
  return short.charAt(0).toLowerCase() + short.slice(1).replace(/\.$/, '');
}

function severalDocuments(text: string, second: Document.Parsed): TextProblem {
  const separator = text.lastIndexOf('---', second.range[0]);
  const start = separator === -1 ? second.range[0] : separator;
  return {
    rule: 'yaml-several-documents',
    message: 'the file has more than one YAML document',
    start,
    end: start + 3,
    note: 'a second one begins here',
    help: 'Remove the "---", or put each document in a file of its own.',
  };
}

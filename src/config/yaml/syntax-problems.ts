import type { Document, ErrorCode, YAMLError } from 'yaml';
import { likelyMistake } from './likely-mistake.ts';
import { currentLine, firstPrintable, type Stretch } from './stretch.ts';
import type { TextProblem } from './text-problem.ts';
import { unclosedBracket, unclosedQuote } from './unclosed.ts';

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
  const { version, explicit } = document.directives.yaml;
  if (explicit && version !== '1.2') return [otherVersion(text)];
  if (second !== undefined) return [severalDocuments(text, second)];
  return [];
}

function syntaxProblem(text: string, error: YAMLError): TextProblem {
  const stretch = stretchOf(text, error);
  return (
    likelyMistake(text, stretch) ?? unclosed(text, error, stretch) ?? explained(error, stretch)
  );
}

function stretchOf(text: string, error: YAMLError): Stretch {
  const start = firstPrintable(text, Math.min(error.pos[0], Math.max(0, text.length - 1)));
  return { start, end: Math.max(start + 1, Math.min(error.pos[1], text.length)) };
}

function unclosed(text: string, error: YAMLError, stretch: Stretch): TextProblem | undefined {
  const quote = /^Missing closing (["'])/.exec(error.message)?.[1];
  if (quote !== undefined) return unclosedQuote(text, quote, stretch);
  if (/^Flow (map|sequence)|and end with a [}\]]/.test(error.message)) {
    return unclosedBracket(text, stretch);
  }
  return undefined;
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
    message: 'this line is not indented as the keys or items it stands between',
    help: 'All keys of one map begin in the same column, and so do all items of one list.',
  },
  BAD_SCALAR_START: { help: 'Put the value in quotes.' },
  BAD_DQ_ESCAPE: {
    message: 'a backslash begins an escape that YAML does not know',
    help: 'Write \\\\ for a backslash, or put the text in single quotes.',
  },
  BAD_ALIAS: { help: 'Put the value in quotes if it is a text.' },
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
  UNEXPECTED_TOKEN: {
    message: 'this does not belong to the value before it',
    help: 'A quote, a comma or a line break may be missing.',
  },
  BAD_DIRECTIVE: {
    message: 'this directive is not known',
    help: 'A line that begins with % is an instruction to the reader of YAML. Remove it.',
  },
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

function otherVersion(text: string): TextProblem {
  const start = Math.max(0, text.indexOf('%YAML'));
  return {
    rule: 'yaml-version',
    message: 'the file asks for another version of YAML than 1.2',
    start,
    end: currentLine(text, start).end,
    help: 'Remove the line: in older versions `yes`, `on` and `010` mean other things.',
  };
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

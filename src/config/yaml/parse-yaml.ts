import { Composer, type Document, Lexer, Parser } from 'yaml';
import { convertDocument } from './convert-document.ts';
import { limits } from './limits.ts';
import { parseQuickly, type Unsure } from './quick-parser.ts';
import { surroundingEntry } from './surrounding-entry.ts';
import { syntaxProblems } from './syntax-problems.ts';
import type { TextProblem } from './text-problem.ts';
import type { YamlResult } from './yaml-result.ts';

/** Reads any YAML 1.2 text; never throws. */
export function parseYaml(text: string): YamlResult {
  const quick = parseQuickly(text);
  return quick.root === undefined ? parseUnusual(text, quick) : quick;
}

/** Reads a text that the quick parser has given up. */
export function parseUnusual(text: string, quick: Unsure): YamlResult {
  if (quick.isTooLarge) return { problems: [tooMany(quick.unsureAt)] };
  const whole = parseWithLibrary(text);
  const isTooLarge = whole.problems.some((problem) => problem.rule === tooLargeRule);
  return isTooLarge ? parseAround(text, quick.unsureAt) : whole;
}

/**
 * A file that is too large for the library, but not for the quick parser, which ended in a certain
 * line: the entry with that line is read alone. Either that tells what is wrong, or it is right
 * and only too unusual for so large a file.
 */
function parseAround(text: string, unsureAt: number): YamlResult {
  const { start, end } = surroundingEntry(text, unsureAt);
  const { problems } = parseWithLibrary(text.slice(start, end));
  const [first] = problems;
  if (first === undefined || first.rule === tooLargeRule) return { problems: [tooLarge(unsureAt)] };
  return { problems: problems.map((problem) => ({ ...shifted(problem, start), isLocal: false })) };
}

function shifted(problem: TextProblem, by: number): TextProblem {
  const related = problem.related?.map((place) => ({
    ...place,
    start: place.start + by,
    end: place.end + by,
  }));
  const moved = { ...problem, start: problem.start + by, end: problem.end + by };
  return related === undefined ? moved : { ...moved, related };
}

/** All of YAML, and what is wrong with what is none. */
export function parseWithLibrary(text: string): YamlResult {
  const composed = compose(text);
  if (composed.problem !== undefined) return { problems: [composed.problem] };
  const [document, second] = composed.documents;
  if (document === undefined) return { problems: [] };
  const problems = syntaxProblems(text, document, second);
  if (problems.length > 0) return { problems };
  return convertDocument(text, document);
}

type Composed =
  | { readonly documents: readonly Document.Parsed[]; readonly problem?: undefined }
  | { readonly problem: TextProblem };

/**
 * The library's own `parseDocument` with a look at the parser's stack after each token: its
 * composer calls itself for each level and would end the process's stack on a file that is one
 * long row of brackets.
 */
function compose(text: string): Composed {
  const parser = new Parser();
  const composer = new Composer({ logLevel: 'silent', uniqueKeys: false });
  const documents: Document.Parsed[] = [];
  let tokens = 0;
  for (const lexeme of new Lexer().lex(text)) {
    const start = parser.offset;
    tokens += costOf(lexeme);
    if (tokens > limits.tokens) return { problem: tooLarge(start) };
    if (lexeme.length > limits.scalarLength) return { problem: tooLong(start) };
    for (const token of parser.next(lexeme)) documents.push(...composer.next(token));
    // The second document is an error, whatever it holds.
    if (documents.length > 1) return { documents };
    if (parser.stack.length > limits.depth) return { problem: tooDeep(start) };
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end(true, text.length));
  return { documents };
}

/** What a token costs where it is more than others: blank lines, and directives with an error each. */
function costOf(lexeme: string): number {
  if (lexeme === '\n' || lexeme === '\r\n') return 3;
  return lexeme.startsWith('%') ? 50 : 1;
}

const tooLargeRule = 'yaml-too-large';

function tooLarge(start: number): TextProblem {
  return {
    rule: tooLargeRule,
    message: 'the file is too large to have a value like this in it',
    start,
    end: start + 1,
    help: 'Split the file into several under jobs.d/. Very large ones are read only while each value is on one line and there are no anchors, tags or block texts.',
  };
}

function tooMany(start: number): TextProblem {
  return {
    rule: tooLargeRule,
    message: `the file has more than ${limits.quickNodes} values`,
    start,
    end: start + 1,
    note: 'read up to here',
    help: 'Split it into several files under jobs.d/.',
  };
}

function tooLong(start: number): TextProblem {
  return {
    rule: 'yaml-too-long',
    message: `the file has a text of more than ${limits.scalarLength} characters`,
    start,
    end: start + 1,
    help: 'Keep large content in a file of its own and let the service read it.',
  };
}

function tooDeep(start: number): TextProblem {
  return {
    rule: 'yaml-too-deep',
    message: `the file is nested more than ${limits.depth} levels deep`,
    start,
    end: start + 1,
  };
}

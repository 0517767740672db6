import { Composer, type Document, Lexer, Parser } from 'yaml';
import { convertDocument } from './convert-document.ts';
import { limits } from './limits.ts';
import type { YamlNode } from './node.ts';
import { syntaxProblems } from './syntax-problems.ts';
import type { TextProblem } from './text-problem.ts';

export interface YamlResult {
  /** Absent when the text is not YAML that can be trusted, or empty. */
  readonly root?: YamlNode;
  readonly problems: readonly TextProblem[];
}

/** Reads any YAML 1.2 text; never throws. */
export function parseYaml(text: string): YamlResult {
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
    tokens += 1;
    if (tokens > limits.tokens) return { problem: tooLarge(start) };
    if (lexeme.length > limits.scalarLength) return { problem: tooLong(start) };
    for (const token of parser.next(lexeme)) documents.push(...composer.next(token));
    if (parser.stack.length > limits.depth) return { problem: tooDeep(start) };
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end(true, text.length));
  return { documents };
}

function tooLarge(start: number): TextProblem {
  return {
    rule: 'yaml-too-large',
    message: 'the file has more in it than one file may have',
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

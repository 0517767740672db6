/**
 * Cuts a stream of text chunks into lines. Uses no method of a prototype that a service in the
 * same process could have replaced: see `inside/intrinsics.ts` for why; `indexOf` and `slice` are
 * therefore arguments.
 */
export interface TextMethods {
  indexOf(text: string, search: string, from: number): number;
  slice(text: string, start: number, end?: number): string;
}

const ordinary: TextMethods = {
  indexOf: (text, search, from) => text.indexOf(search, from),
  slice: (text, start, end) => text.slice(start, end),
};

/** Gives a function that takes chunks and calls `onLine` for each complete line in them. */
export function lineSplitter(
  onLine: (line: string) => void,
  options: { maxLength: number; onTooLong: () => void; text?: TextMethods },
): (chunk: string) => void {
  const text = options.text ?? ordinary;
  let rest = '';
  return (chunk) => {
    let start = 0;
    let end = text.indexOf(chunk, '\n', 0);
    while (end !== -1) {
      const piece = text.slice(chunk, start, end);
      const line = rest === '' ? piece : rest + piece;
      rest = '';
      onLine(line);
      start = end + 1;
      end = text.indexOf(chunk, '\n', start);
    }
    if (start < chunk.length) rest += text.slice(chunk, start);
    if (rest.length > options.maxLength) {
      rest = '';
      options.onTooLong();
    }
  };
}

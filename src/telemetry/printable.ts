// C0 and C1 control characters but tab and line feed, and the marks that reorder a line.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * The text with nothing in it that a terminal would obey. What services log, and what other
 * systems answer them, is written by strangers: an escape sequence in it could hide or forge lines.
 */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => {
    if (character === '\r') return '';
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

/** A text as one word of a shell's command line, to be copied from a hint: names may have spaces. */
export function shellWord(text: string): string {
  return /^[\w@./:+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

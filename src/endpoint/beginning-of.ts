/** The text, or its beginning and a `…`: the mark is what tells a redactor of the cut. */
export function beginningOf(text: string, maxLength: number): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}

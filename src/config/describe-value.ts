/** What a value is, in words for the user: `the text "yes"`, `a list`, `nothing`. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return `the text ${quote(value)}`;
  if (typeof value === 'number') return `the number ${inYaml(value)}`;
  return String(value);
}

/** As YAML writes it: `.nan` and `.inf` are words that people know from their file. */
function inYaml(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '.inf' : '-.inf';
}

/** In double quotes, on one line, and not longer than a screen can show. */
export function quote(text: string): string {
  const line = JSON.stringify(text);
  return line.length > 62 ? `${line.slice(0, 58)}..."` : line;
}

/** `a`, `a or b`, `a, b or c`. */
export function alternatives(texts: readonly string[]): string {
  if (texts.length < 2) return texts.join('');
  return `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}

/** A map, because the words that are looked up come from users: `constructor` is one too. */
const kinds: ReadonlyMap<string, string> = new Map([
  ['jobs', 'job'],
  ['services', 'service'],
  ['endpoints', 'endpoint'],
  ['groups', 'group'],
  ['calendars', 'calendar'],
]);

/** `job "a"`, `"retry" in job "a"`, `"hosts" in "daemon"`, `the file`. */
export function describePath(path: readonly (string | number)[]): string {
  const [section, name, ...rest] = path.map(String);
  if (section === undefined) return 'the file';
  const kind = kinds.get(section);
  if (name === undefined) return `"${section}"`;
  const owner = kind === undefined ? `"${section}"` : `${kind} ${quote(name)}`;
  const inside = kind === undefined ? [name, ...rest] : rest;
  return inside.length === 0 ? owner : `"${inside.join('.')}" in ${owner}`;
}

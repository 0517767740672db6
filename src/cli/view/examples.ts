/** The end of a command's help: what people type, with a word on what it gives. */
export function examples(...lines: readonly (readonly [command: string, gives: string])[]): string {
  const explained = lines.filter(([, gives]) => gives !== '');
  const width = Math.max(0, ...explained.map(([command]) => command.length));
  const texts = lines.map(([command, gives]) => `  ${command.padEnd(width)}  ${gives}`.trimEnd());
  return `\nExamples:\n${texts.join('\n')}`;
}

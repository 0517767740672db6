export interface OddCharacter {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  readonly help: string;
}

// All that is white or invisible but is not the blank, tab or line end of a keyboard.
const odd = /[^\S \t\n\v\f\r]|[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]|[“”„‟‘’‚‛]/;
const names: Readonly<Record<string, string>> = {
  '\u00a0': 'a no-break space',
  '\u202f': 'a narrow no-break space',
  '\u200b': 'a zero-width space',
  '\ufeff': 'a byte order mark',
};

/**
 * The first character of a text that only looks like one that is meant, as they come along when a
 * text is copied from a page or a document: a space that is none, a quote of typesetters.
 */
export function oddCharacter(text: string): OddCharacter | undefined {
  const found = odd.exec(text);
  if (found === null) return undefined;
  const [character] = found;
  const place = { offset: found.index, length: 1 };
  const code = `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  if (/\p{P}/u.test(character)) {
    const message = `"${character}" is a typographic quote (${code})`;
    return { ...place, message, help: straightQuotes };
  }
  const isSpace = /[^\S\ufeff]/.test(character);
  const name = names[character] ?? (isSpace ? 'an unusual space' : 'an invisible character');
  return {
    ...place,
    message: `there is ${name} (${code}) in it`,
    help: isSpace
      ? 'Write a plain space instead: this one only looks like it.'
      : 'Remove it; copied texts bring such characters along.',
  };
}

export const straightQuotes = 'Write straight quotes instead: " or \'.';

/** Twin of `assembly/json-records.ts`: what of the members of an object is wanted, as the text of its value. */
export interface JsonField {
  /** As it is written; of a string what is between its quotes. */
  readonly text: string;
  readonly isString: boolean;
}

const VALUE = /"(?:[^"\\]|\\.)*"|[[{]|[^\s,\]}[{"]+/y;
const KEY = /\s*"((?:[^"\\]|\\.)*)"\s*:\s*/y;

/** The members of an object's text, which must be JSON; null is left out. */
export function membersOf(text: string): ReadonlyMap<string, JsonField> {
  const members = new Map<string, JsonField>();
  for (let at = text.indexOf('{') + 1; ; at++) {
    KEY.lastIndex = at;
    const key = KEY.exec(text);
    if (key === null) return members;
    VALUE.lastIndex = KEY.lastIndex;
    const start = KEY.lastIndex;
    const token = VALUE.exec(text)![0];
    at = /^[[{]/.test(token) ? nestedEnd(text, start) : start + token.length;
    const value = text.slice(start, at);
    if (value === 'null') members.delete(key[1]!);
    else if (token.startsWith('"')) members.set(key[1]!, { text: value.slice(1, -1), isString: true });
    else members.set(key[1]!, { text: value, isString: false });
    while (/\s/.test(text[at] ?? '')) at++;
    if (text[at] !== ',') return members;
  }
}

function nestedEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') {
      VALUE.lastIndex = at;
      at += VALUE.exec(text)![0].length - 1;
    } else if ('[{'.includes(character)) depth++;
    else if (']}'.includes(character)) {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

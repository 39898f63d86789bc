/** A LIKE pattern whose only wildcards are %: texts that occur in order, tied to the start or the end or neither. */
export interface LikeSegments {
  readonly segments: readonly string[];
  /** Bit 0: the first starts the text. Bit 1: the last ends it. Without a % at all: `exact`. */
  readonly anchors: number;
  readonly exact: boolean;
}

/** Undefined for patterns with _ or that end with the escape character; an empty one means that there is none. */
export function likeSegments(pattern: string, escapeCharacter: string): LikeSegments | undefined {
  const parts = [''];
  for (let index = 0; index < pattern.length; index++) {
    let character = pattern[index]!;
    if (character === escapeCharacter) {
      index++;
      if (index === pattern.length) return undefined;
      character = pattern[index]!;
    } else if (character === '_') return undefined;
    else if (character === '%') {
      parts.push('');
      continue;
    }
    parts[parts.length - 1] += character;
  }
  if (parts.length === 1) return { segments: parts, anchors: 3, exact: true };
  const anchors = (parts[0] === '' ? 0 : 1) | (parts.at(-1) === '' ? 0 : 2);
  return { segments: parts.filter((part) => part !== ''), anchors, exact: false };
}

import { userError } from '../../../common/errors.js';
import type { SqlType } from '../../../types/sql-type.js';
import type { FunctionValue } from '../../function-types.js';
import { md5Hex } from './md5.js';

type Implementation = (args: readonly FunctionValue[]) => FunctionValue;
type Create = (args: readonly SqlType[], returns: SqlType) => Implementation;

/** Keeps what was made of the last keys: patterns are nearly always constant. */
export function cachedByText<T>(make: (key: string) => T): (key: string) => T {
  const cache = new Map<string, T>();
  return (key) => {
    let value = cache.get(key);
    if (value === undefined) {
      if (cache.size > 100) cache.clear();
      value = make(key);
      cache.set(key, value);
    }
    return value;
  };
}

/** Character by character, as PostgreSQL does: what has no single counterpart (ß) stays. */
export function mapCharacters(text: string, change: (character: string) => string): string {
  let result = '';
  for (const character of text) {
    const changed = change(character);
    result += [...changed].length === 1 ? changed : character;
  }
  return result;
}

export const inLowerCase = (text: string): string => mapCharacters(text, (character) => character.toLowerCase());
const inUpperCase = (text: string): string => mapCharacters(text, (character) => character.toUpperCase());

export const lower: Create =
  () =>
  ([text]) =>
    inLowerCase(text as string);

export const upper: Create =
  () =>
  ([text]) =>
    inUpperCase(text as string);

/** A word is what Unicode says is alphabetic, and decimal digits. */
export const initcap: Create =
  () =>
  ([text]) =>
    inLowerCase(text as string).replace(/[\p{Alphabetic}\p{Nd}]+/gu, (word) => {
      const [first = '', ...rest] = word;
      return inUpperCase(first) + rest.join('');
    });

export function trim(leading: boolean, trailing: boolean): Create {
  return () =>
    ([text, set]) => {
      const characters = [...(text as string)];
      const trimmed = new Set(set as string);
      let start = 0;
      let end = characters.length;
      if (leading) while (start < end && trimmed.has(characters[start]!)) start++;
      if (trailing) while (end > start && trimmed.has(characters[end - 1]!)) end--;
      return characters.slice(start, end).join('');
    };
}

export const replace: Create = () => {
  return ([text, from, to]) => (from === '' ? text! : (text as string).split(from as string).join(to as string));
};

/** Of a text that is made; JavaScript's texts end at twice as many. */
const MAX_CHARACTERS = 2 ** 28;

export function pad(atStart: boolean): Create {
  return () =>
    ([text, length, fill]) => {
      const characters = [...(text as string)];
      const target = Math.max(0, length as number);
      if (characters.length >= target) return characters.slice(0, target).join('');
      const filling = [...((fill as string | undefined) ?? ' ')];
      if (filling.length === 0) return text!;
      if (target > MAX_CHARACTERS) throw userError('54000', 'requested length too large');
      const missing = target - characters.length;
      const padding = filling.join('').repeat(Math.ceil(missing / filling.length));
      const cut = [...padding].slice(0, missing).join('');
      return atStart ? cut + (text as string) : (text as string) + cut;
    };
}

export const repeat: Create = () => {
  return ([text, count]) => {
    const times = Math.max(0, count as number);
    if ((text as string).length * times > MAX_CHARACTERS) throw userError('54000', 'requested length too large');
    return (text as string).repeat(times);
  };
};

export const reverse: Create =
  () =>
  ([text]) =>
    [...(text as string)].reverse().join('');

export const splitPart: Create = () => {
  return ([text, separator, position]) => {
    const place = position as number;
    if (place === 0) throw userError('22023', 'field position must not be zero');
    const fields = separator === '' ? [text as string] : (text as string).split(separator as string);
    return fields[place > 0 ? place - 1 : fields.length + place] ?? '';
  };
};

export const chr: Create = () => {
  return ([code]) => {
    const point = code as number;
    if (point === 0) throw userError('54000', 'null character not permitted');
    if (point < 0) throw userError('22023', 'character number must be positive');
    if (point > 0x10ffff) throw userError('54000', `requested character too large for encoding: ${point}`);
    if (point >= 0xd800 && point <= 0xdfff) {
      throw userError('54000', `requested character not valid for encoding: ${point}`);
    }
    return String.fromCodePoint(point);
  };
};

export const translate: Create = () => {
  return ([text, from, to]) => {
    const [source, target] = [[...(from as string)], [...(to as string)]];
    return [...(text as string)]
      .map((character) => {
        const place = source.indexOf(character);
        return place < 0 ? character : (target[place] ?? '');
      })
      .join('');
  };
};

export const md5: Create = () => {
  const encoder = new TextEncoder();
  return ([value]) => md5Hex(typeof value === 'string' ? encoder.encode(value) : (value as Uint8Array));
};

export const rejectTooLong: Create =
  () =>
  ([, length, type]) => {
    throw userError('22001', `value too long for type ${type}(${length})`, {
      hint: 'Cut it with left(), or cast it, which cuts too.',
    });
  };

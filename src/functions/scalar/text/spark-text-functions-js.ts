import type { VectorCreate } from '../../function-types.js';

// Twins of src/kernels/assembly/spark-texts.ts.

/** By letter; a dash for those that do not part equal codes. */
const CODES = '0123012-02245501262301-202';

export const soundex: VectorCreate =
  () =>
  ([text]) => {
    const letters = (text as string).replace(/[a-z]/g, (letter) => letter.toUpperCase());
    if (!/^[A-Z]/.test(letters)) return text!;
    const codeOf = (letter: string): string => CODES[letter.charCodeAt(0) - 65] ?? '0';
    let code = letters[0]!;
    let last = codeOf(code);
    for (const letter of letters.slice(1)) {
      const next = /[A-Z]/.test(letter) ? codeOf(letter) : '0';
      if (next === '-') continue;
      if (next !== '0' && next !== last && code.length < 4) code += next;
      last = next;
    }
    return code.padEnd(4, '0');
  };

export const hexOfBytes: VectorCreate =
  () =>
  ([value]) => {
    const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : (value as Uint8Array);
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
      .join('')
      .toUpperCase();
  };

export const hexOfNumber: VectorCreate =
  () =>
  ([value]) =>
    BigInt.asUintN(64, value as bigint)
      .toString(16)
      .toUpperCase();

const MOST = 2n ** 64n - 1n;

export const inBase: VectorCreate =
  () =>
  ([text, from, to]) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what Java's trim takes away
    const trimmed = (text as string).replace(/^[\u0000-\u0020]+|[\u0000-\u0020]+$/g, '');
    const [base, target] = [from as number, Math.abs(to as number)];
    if (base < 2 || base > 36 || target < 2 || target > 36 || trimmed === '') return null;
    let isNegative = trimmed.startsWith('-');
    let value = 0n;
    for (const character of isNegative ? trimmed.slice(1) : trimmed) {
      const digit = /^[0-9A-Za-z]$/.test(character) ? Number.parseInt(character, 36) : 36;
      if (digit >= base) break;
      value = value * BigInt(base) + BigInt(digit);
    }
    if (value > MOST) value = MOST;
    const isSet = value >> 63n === 1n;
    if (isNegative && (to as number) > 0) value = isSet ? MOST : BigInt.asUintN(64, -value);
    if ((to as number) < 0 && isSet) {
      value = BigInt.asUintN(64, -value);
      isNegative = true;
    }
    return (isNegative && (to as number) < 0 ? '-' : '') + value.toString(target).toUpperCase();
  };

export const luhnCheck: VectorCreate =
  () =>
  ([text]) => {
    if (!/^[0-9]+$/.test(text as string)) return false;
    const digits = [...(text as string)].reverse().map((digit, place) => Number(digit) * (place % 2 === 1 ? 2 : 1));
    return digits.reduce((sum, digit) => sum + (digit > 9 ? digit - 9 : digit), 0) % 10 === 0;
  };

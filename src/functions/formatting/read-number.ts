import { userError } from '../../common/errors.js';
import type { NumberTemplate } from './number-template.js';

/** `digits` / 10^`places`. */
export interface ReadNumber {
  readonly digits: bigint;
  readonly places: number;
}

/** The number that a text holds, as its template lays it out: signs, separators and other characters are passed over. */
export function readNumber(text: string, template: NumberTemplate): ReadNumber {
  if (template.scientific) throw userError('0A000', '"EEEE" not supported for input');
  let at = 0;
  let isNegative = false;
  let digits = '';
  let places = 0;
  let hasPoint = false;
  const skipSpaces = (): void => {
    while (text[at] === ' ') at++;
  };
  const readSign = (): void => {
    if (text[at] === '-' || text[at] === '+' || (text[at] === '<' && template.bracket)) {
      isNegative ||= text[at] !== '+';
      at++;
    }
  };
  for (const node of template.nodes) {
    if (at >= text.length) break;
    if (node.kind === 'literal') {
      at += /[-+.,0-9]/.test(text[at]!) ? 0 : node.text.length;
      continue;
    }
    switch (node.name) {
      case '9':
      case '0':
        if (digits === '' && !hasPoint) {
          skipSpaces();
          readSign();
          skipSpaces();
        }
        if (/[0-9]/.test(text[at] ?? '')) {
          digits += text[at++];
          if (hasPoint) places++;
        }
        break;
      case '.':
      case 'D':
        if (text[at] === '.') {
          hasPoint = true;
          at++;
        }
        break;
      case ',':
      case 'G':
        if (text[at] === ',') at++;
        break;
      case 'L':
        if (!/[-+.0-9]/.test(text[at]!)) at++;
        break;
      case 'S':
      case 'MI':
      case 'PL':
      case 'SG':
        readSign();
        break;
      case 'TH':
        if (/[a-z]/i.test(text[at]!)) at += 2;
        break;
    }
  }
  readSign();
  if (digits === '')
    throw userError('22P02', `invalid input syntax for type numeric: "${text.trim() === '' ? ' ' : text}"`);
  const value = BigInt(digits);
  return { digits: isNegative ? -value : value, places: places + template.shift };
}

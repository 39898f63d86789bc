import { userError } from '../../common/errors.js';
import { readQuoted } from './quoted-text.js';

export type NumberNode =
  | { readonly kind: 'action'; readonly name: string; readonly written: string }
  | { readonly kind: 'literal'; readonly text: string };

/** A template of to_char and to_number for numbers, and what its parts say together. */
export interface NumberTemplate {
  readonly nodes: readonly NumberNode[];
  /** Digits before and behind the point; digits behind V. */
  readonly whole: number;
  readonly fraction: number;
  readonly shift: number;
  /** Where the first 0 stands, from 1, and how far digits are shown for one; 0 without any. */
  readonly zeroStart: number;
  readonly zeroEnd: number;
  readonly hasPoint: boolean;
  readonly hasZero: boolean;
  readonly fill: boolean;
  readonly plus: boolean;
  readonly minus: boolean;
  readonly bracket: boolean;
  readonly scientific: boolean;
  readonly roman: boolean;
  /** S: before the digits, or behind them. */
  readonly sign: 'none' | 'before' | 'behind';
  /** Digits before the S. */
  readonly digitsBeforeSign: number;
}

const ACTIONS = [
  'EEEE',
  'FM',
  'MI',
  'PL',
  'PR',
  'RN',
  'SG',
  'SP',
  'TH',
  ',',
  '.',
  '0',
  '9',
  'B',
  'D',
  'G',
  'L',
  'S',
  'V',
];

const syntaxError = (message: string): Error => userError('42601', message);

export function parseNumberTemplate(text: string): NumberTemplate {
  const nodes: NumberNode[] = [];
  for (let at = 0; at < text.length; ) {
    const name = ACTIONS.find((action) => [action, action.toLowerCase()].some((one) => text.startsWith(one, at)));
    if (name !== undefined) {
      nodes.push({ kind: 'action', name, written: text.slice(at, at + name.length) });
      at += name.length;
    } else if (text[at] === '"') {
      const quoted = readQuoted(text, at);
      if (quoted.text !== '') nodes.push({ kind: 'literal', text: quoted.text });
      at = quoted.end;
    } else {
      const isEscape = text[at] === '\\' && text[at + 1] === '"';
      nodes.push({ kind: 'literal', text: isEscape ? '"' : text[at]! });
      at += isEscape ? 2 : 1;
    }
  }
  return summarise(nodes);
}

/** After NUMDesc_prepare of PostgreSQL (src/backend/utils/adt/formatting.c). */
function summarise(nodes: readonly NumberNode[]): NumberTemplate {
  let [whole, fraction, shift, zeroStart, zeroEnd, digitsBeforeSign] = [0, 0, 0, 0, 0, 0];
  let [hasPoint, hasShift, hasZero, fill, plus, minus, bracket, scientific, roman, hasSign] =
    Array<boolean>(10).fill(false);
  let sign: NumberTemplate['sign'] = 'none';
  for (const node of nodes) {
    if (node.kind === 'literal') continue;
    if (scientific) throw syntaxError('"EEEE" must be the last pattern used');
    switch (node.name) {
      case '9':
        if (bracket) throw syntaxError('"9" must be ahead of "PR"');
        if (hasShift) shift++;
        else if (hasPoint) fraction++;
        else whole++;
        break;
      case '0':
        if (bracket) throw syntaxError('"0" must be ahead of "PR"');
        if (!hasZero && !hasPoint) {
          hasZero = true;
          zeroStart = whole + 1;
        }
        if (hasPoint) fraction++;
        else whole++;
        zeroEnd = whole + fraction;
        break;
      case 'D':
      case '.':
        if (hasPoint) throw syntaxError('multiple decimal points');
        if (hasShift) throw syntaxError('cannot use "V" and decimal point together');
        hasPoint = true;
        break;
      case 'FM':
        fill = true;
        break;
      case 'S':
        if (hasSign) throw syntaxError('cannot use "S" twice');
        if (plus || minus || bracket) throw syntaxError('cannot use "S" and "PL"/"MI"/"SG"/"PR" together');
        hasSign = true;
        sign = hasPoint ? 'behind' : 'before';
        if (!hasPoint) digitsBeforeSign = whole;
        break;
      case 'MI':
        if (hasSign) throw syntaxError('cannot use "S" and "MI" together');
        minus = true;
        break;
      case 'PL':
        if (hasSign) throw syntaxError('cannot use "S" and "PL" together');
        plus = true;
        break;
      case 'SG':
        if (hasSign) throw syntaxError('cannot use "S" and "SG" together');
        [plus, minus] = [true, true];
        break;
      case 'PR':
        if (hasSign || plus || minus) throw syntaxError('cannot use "PR" and "S"/"PL"/"MI"/"SG" together');
        bracket = true;
        break;
      case 'RN':
        roman = true;
        break;
      case 'V':
        if (hasPoint) throw syntaxError('cannot use "V" and decimal point together');
        hasShift = true;
        break;
      case 'EEEE':
        if (hasShift || fill || bracket || hasSign || plus || minus || roman) {
          throw syntaxError('"EEEE" is incompatible with other formats');
        }
        scientific = true;
        break;
    }
  }
  return {
    ...{ nodes, whole, fraction, shift, zeroStart, zeroEnd, sign, digitsBeforeSign },
    hasPoint: hasPoint!,
    hasZero: hasZero!,
    fill: fill!,
    plus: plus!,
    minus: minus!,
    bracket: bracket!,
    scientific: scientific!,
    roman: roman!,
  };
}

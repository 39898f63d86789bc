import { readQuoted } from './quoted-text.js';

/** A piece of a template of to_char, to_date and to_timestamp. */
export type TemplateNode =
  | {
      readonly kind: 'field';
      /** In capitals, without the case of the result: `MONTH`, `HH24`. */
      readonly name: string;
      readonly written: string;
      /** FM: no padding. */
      readonly fill: boolean;
      /** `TH` or `th` behind it. */
      readonly ordinal: string | undefined;
    }
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'separator'; readonly text: string }
  | { readonly kind: 'space'; readonly text: string };

const NAMES = [
  ...['A.D.', 'A.M.', 'AD', 'AM', 'B.C.', 'BC', 'CC', 'DAY', 'DDD', 'DD', 'DY', 'D', 'FF1', 'FF2', 'FF3', 'FF4', 'FF5'],
  ...['FF6', 'FX', 'HH24', 'HH12', 'HH', 'IDDD', 'ID', 'IW', 'IYYY', 'IYY', 'IY', 'I', 'J', 'MI', 'MM', 'MONTH', 'MON'],
  ...['MS', 'OF', 'P.M.', 'PM', 'Q', 'RM', 'SSSSS', 'SSSS', 'SS', 'TZH', 'TZM', 'TZ', 'US', 'WW', 'W', 'Y,YYY', 'YYYY'],
  ...['YYY', 'YY', 'Y'],
];

/** As they may be written: in capitals, in small letters, and names also with one capital. Longest first. */
const FIELDS: readonly (readonly [written: string, name: string])[] = [
  ...NAMES.flatMap((name) => [[name, name] as const, [name.toLowerCase(), name] as const]),
  ...['Day', 'Dy', 'Month', 'Mon'].map((written) => [written, written.toUpperCase()] as const),
].sort(([left], [right]) => right.length - left.length);

const ORDINALS = ['TH', 'th'];

export function parseDatetimeTemplate(template: string): readonly TemplateNode[] {
  const nodes: TemplateNode[] = [];
  let at = 0;
  while (at < template.length) {
    let fill = false;
    for (let prefix = template.slice(at, at + 2); /^(FM|fm|TM|tm)$/.test(prefix); prefix = template.slice(at, at + 2)) {
      fill = true;
      at += 2;
    }
    const field = FIELDS.find(([written]) => template.startsWith(written, at));
    if (field !== undefined) {
      at += field[0].length;
      let ordinal = ORDINALS.find((suffix) => template.startsWith(suffix, at));
      if (ordinal !== undefined) at += 2;
      if (/^(SP|sp)$/.test(template.slice(at, at + 2))) at += 2;
      if (field[1] === 'FX') ordinal = undefined;
      nodes.push({ kind: 'field', name: field[1], written: field[0], fill, ordinal });
      continue;
    }
    if (at >= template.length) break;
    if (template[at] === '"') {
      const quoted = readQuoted(template, at);
      for (const character of quoted.text) nodes.push({ kind: 'literal', text: character });
      at = quoted.end;
      continue;
    }
    if (template[at] === '\\' && template[at + 1] === '"') at++;
    const character = String.fromCodePoint(template.codePointAt(at)!);
    nodes.push({ kind: kindOf(character), text: character });
    at += character.length;
  }
  return nodes;
}

function kindOf(character: string): 'space' | 'separator' | 'literal' {
  if (/\s/.test(character)) return 'space';
  return isSeparator(character) ? 'separator' : 'literal';
}

/** Anything of ASCII that is neither letter, digit nor blank. */
export function isSeparator(character: string): boolean {
  return /^[!-/:-@[-`{-~]$/.test(character);
}

/*
 * Templates of dates and times as Java and C have them, in those of to_char and to_timestamp. Undefined where a part of
 * them says what PostgreSQL's cannot.
 */

/** By runs of one letter. */
const JAVA: Readonly<Record<string, string>> = {
  y: 'FMYYYY',
  yy: 'YY',
  yyyy: 'YYYY',
  u: 'FMYYYY',
  uuuu: 'YYYY',
  M: 'FMMM',
  MM: 'MM',
  MMM: 'Mon',
  MMMM: 'FMMonth',
  L: 'FMMM',
  LL: 'MM',
  d: 'FMDD',
  dd: 'DD',
  D: 'FMDDD',
  DDD: 'DDD',
  H: 'FMHH24',
  HH: 'HH24',
  h: 'FMHH12',
  hh: 'HH12',
  m: 'FMMI',
  mm: 'MI',
  s: 'FMSS',
  ss: 'SS',
  S: 'FF1',
  SS: 'FF2',
  SSS: 'FF3',
  SSSS: 'FF4',
  SSSSS: 'FF5',
  SSSSSS: 'FF6',
  a: 'AM',
  E: 'Dy',
  EE: 'Dy',
  EEE: 'Dy',
  EEEE: 'FMDay',
  Q: 'Q',
  q: 'Q',
};

export function templateOfJava(template: string): string | undefined {
  let result = '';
  for (const [part] of template.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+|'/g)) {
    if (part.startsWith("'")) {
      result += quoted(part === "''" ? "'" : part.slice(1, -1).replaceAll("''", "'"));
    } else if (/^[A-Za-z]/.test(part)) {
      const pattern = JAVA[part];
      if (pattern === undefined) return undefined;
      result += pattern;
    } else result += quoted(part);
  }
  return result;
}

const STRFTIME: Readonly<Record<string, string>> = {
  Y: 'YYYY',
  y: 'YY',
  m: 'MM',
  '-m': 'FMMM',
  B: 'FMMonth',
  b: 'Mon',
  d: 'DD',
  '-d': 'FMDD',
  j: 'DDD',
  '-j': 'FMDDD',
  H: 'HH24',
  '-H': 'FMHH24',
  I: 'HH12',
  '-I': 'FMHH12',
  M: 'MI',
  '-M': 'FMMI',
  S: 'SS',
  '-S': 'FMSS',
  f: 'US',
  g: 'MS',
  p: 'AM',
  A: 'FMDay',
  a: 'Dy',
  u: 'ID',
  G: 'IYYY',
  V: 'IW',
  F: 'YYYY-MM-DD',
  T: 'HH24:MI:SS',
  '%': '%',
};

export function templateOfStrftime(template: string): string | undefined {
  let result = '';
  for (const [part] of template.matchAll(/%-?.|[^%]+|%/g)) {
    const pattern = part.startsWith('%') ? STRFTIME[part.slice(1)] : quoted(part);
    if (pattern === undefined) return undefined;
    result += pattern;
  }
  return result;
}

/** Letters and digits stand for themselves in double quotes only. */
function quoted(text: string): string {
  if (!/[A-Za-z0-9"\\]/.test(text)) return text;
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

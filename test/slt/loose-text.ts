/**
 * The text of a value in a form that engines agree on, for lists, rows and points in time:
 *
 *     {1,NULL,"a b"}   [1, NULL, 'a b']   [1, NULL, a b]         →   [1,NULL,a b]
 *     (1,x)            {a: 1, b: x}       {'a': 1, 'b': x}       →   [1,x]
 *     2020-01-02 03:04:05   2020-01-02T03:04:05                  →   2020-01-02 03:04:05
 */
export function looseText(text: string): string {
  const timed = /\d[T ]\d\d:\d\d/.test(text) ? plainTimes(text) : text;
  return /[[{(].*[\]})]/s.test(timed) ? plainNesting(timed) : timed;
}

function plainTimes(text: string): string {
  return text
    .replace(/(\d{4,}-\d\d-\d\d)T(\d\d:\d\d)/g, '$1 $2')
    .replace(/(\d\d:\d\d:\d\d(?:\.\d+)?)(?:Z|\+00:00|\+00)(?![\d:])/g, '$1')
    .replace(/(\d\d:\d\d:\d\d\.\d*?)0+(?!\d)/g, '$1')
    .replace(/(\d\d:\d\d:\d\d)\.(?!\d)/g, '$1');
}

function plainNesting(text: string): string {
  return text
    .replace(/(?<=[{,]\s*)(?:'[^']*'|"[^"]*"|\w+)\s*[:=]\s*/g, '')
    .replace(/[{(]/g, '[')
    .replace(/[})]/g, ']')
    .replace(/["'\\]/g, '')
    .replace(/\s*,\s*/g, ',')
    .replace(/\[\s+/g, '[')
    .replace(/\s+\]/g, ']')
    .replace(/(?<=[[,])\(empty\)(?=[\],])/g, '')
    .replace(/(?<=[[,])t(?=[\],])/g, 'true')
    .replace(/(?<=[[,])f(?=[\],])/g, 'false')
    .replace(/(?<=[[,])(-?\d+\.\d*?)0+(?=[\],])/g, '$1')
    .replace(/(?<=[[,])(-?\d+)\.(?=[\],])/g, '$1');
}

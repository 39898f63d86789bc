/** Without the spaces around it, as PostgreSQL's isspace knows them: no others than those of ASCII. */
export function trimSpaces(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** A space, or one of \t \n \v \f \r. */
const isSpace = (code: number): boolean => code === 0x20 || (code >= 9 && code <= 13);

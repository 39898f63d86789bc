/** Text as it stands in XML: markup is escaped, and what XML 1.0 has no character for becomes U+FFFD. */
export function escapeXml(text: string): string {
  let escaped = '';
  for (const character of text) escaped += isXmlCharacter(character.codePointAt(0)!) ? character : '\ufffd';
  return escaped.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff;
}

/**
 * About how wide a text is, in sizes of its letters. Sans-serif fonts differ: this is rather too much than too little.
 */
export function widthOfText(text: string): number {
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width;
}

function widthOfCharacter(character: string): number {
  if (character.codePointAt(0)! >= 0x1100) return 1.05;
  if ("iljtfrI.,:;'|!()[] ".includes(character)) return 0.37;
  if ('mwMW@%—'.includes(character)) return 0.95;
  return character >= 'A' && character <= 'Z' ? 0.7 : 0.59;
}

/** The text, or as much of its beginning as fits the width, and an ellipsis. */
export function fitText(text: string, width: number): string {
  if (widthOfText(text) <= width) return text;
  let left = width - widthOfText('…');
  let kept = '';
  for (const character of text) {
    left -= widthOfCharacter(character);
    if (left < 0) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** Text between double quotes, which a template begins at `from`; a backslash takes the next character as it is. */
export function readQuoted(template: string, from: number): { readonly text: string; readonly end: number } {
  let at = from + 1;
  while (at < template.length && template[at] !== '"') at += template[at] === '\\' ? 2 : 1;
  return { text: template.slice(from + 1, at).replace(/\\(.)/gs, '$1'), end: Math.min(at + 1, template.length) };
}

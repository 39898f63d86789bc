/** Templates are literals as a rule: the last one is kept. */
export function cachedTemplate<Template>(parse: (text: string) => Template): (text: string) => Template {
  let lastText: string | undefined;
  let last: Template;
  return (text) => {
    if (text !== lastText) {
      last = parse(text);
      lastText = text;
    }
    return last;
  };
}

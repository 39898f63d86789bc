/** The function, whose answer about an object is kept as long as the object: for what is asked of parts of a plan again and again. */
export function oncePer<Key extends object, Answer>(derive: (key: Key) => Answer): (key: Key) => Answer {
  const known = new WeakMap<Key, { readonly answer: Answer }>();
  return (key) => {
    let found = known.get(key);
    if (found === undefined) {
      found = { answer: derive(key) };
      known.set(key, found);
    }
    return found.answer;
  };
}

// The hash that texts are looked up by.
import { finish, mix } from './hash';
import { lengthOf, pointerOf } from './text-view';

export function hashText(view: v128): u32 {
  const length = lengthOf(view);
  let hash = mix(length, <u64>i64x2.extract_lane(view, 1));
  if (length > 8) {
    const pointer = pointerOf(view);
    for (let i: u32 = 8; i + 8 <= length; i += 8) hash = mix(hash, load<u64>(pointer + i));
    // The last eight bytes, some of them again.
    hash = mix(hash, load<u64>(pointer + length - 8));
  }
  return finish(hash);
}

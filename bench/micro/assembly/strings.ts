// Text columns as 16-byte views (length, pointer, first 8 bytes) and as Arrow has them (offsets into one run of bytes).

function bytesEqual(left: usize, right: usize, length: u32): bool {
  let at: u32 = 0;
  for (; at + 8 <= length; at += 8) if (load<u64>(left + at) != load<u64>(right + at)) return false;
  for (; at < length; at++) if (load<u8>(left + at) != load<u8>(right + at)) return false;
  return true;
}

/** How many texts equal the one of the view `wanted`. */
export function countEqualViews(views: usize, count: u32, wanted: usize): u32 {
  let found: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const view = views + (<usize>i << 4);
    const length = load<u32>(view);
    if (length != load<u32>(wanted) || load<u64>(view + 8) != load<u64>(wanted + 8)) continue;
    if (length <= 8 || bytesEqual(<usize>load<u32>(view + 4) + 8, <usize>load<u32>(wanted + 4) + 8, length - 8)) found++;
  }
  return found;
}

export function countEqualOffsets(offsets: usize, bytes: usize, count: u32, wanted: usize, wantedLength: u32): u32 {
  let found: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const start = load<u32>(offsets + (<usize>i << 2));
    if (load<u32>(offsets + (<usize>i << 2), 4) - start != wantedLength) continue;
    if (bytesEqual(bytes + start, wanted, wantedLength)) found++;
  }
  return found;
}

function lessBytes(left: usize, leftLength: u32, right: usize, rightLength: u32, from: u32): u32 {
  const shared = min(leftLength, rightLength);
  let at = from;
  for (; at + 8 <= shared; at += 8) {
    const l = bswap<u64>(load<u64>(left + at));
    const r = bswap<u64>(load<u64>(right + at));
    if (l != r) return l < r ? 1 : 0;
  }
  for (; at < shared; at++) {
    const l = load<u8>(left + at);
    const r = load<u8>(right + at);
    if (l != r) return l < r ? 1 : 0;
  }
  return leftLength < rightLength ? 1 : 0;
}

/** How many texts of `rows` are less than the one that follows, as a sort compares them. */
export function countLessViews(views: usize, rows: usize, count: u32): u32 {
  let found: u32 = 0;
  for (let i: u32 = 0; i + 1 < count; i++) {
    const left = views + (<usize>load<u32>(rows + (<usize>i << 2)) << 4);
    const right = views + (<usize>load<u32>(rows + (<usize>i << 2), 4) << 4);
    const l = bswap<u64>(load<u64>(left + 8));
    const r = bswap<u64>(load<u64>(right + 8));
    if (l != r) found += l < r ? 1 : 0;
    else found += lessBytes(<usize>load<u32>(left + 4), load<u32>(left), <usize>load<u32>(right + 4), load<u32>(right), 8);
  }
  return found;
}

export function countLessOffsets(offsets: usize, bytes: usize, rows: usize, count: u32): u32 {
  let found: u32 = 0;
  for (let i: u32 = 0; i + 1 < count; i++) {
    const left = offsets + (<usize>load<u32>(rows + (<usize>i << 2)) << 2);
    const right = offsets + (<usize>load<u32>(rows + (<usize>i << 2), 4) << 2);
    const l = load<u32>(left);
    const r = load<u32>(right);
    found += lessBytes(bytes + l, load<u32>(left, 4) - l, bytes + r, load<u32>(right, 4) - r, 0);
  }
  return found;
}

export function compactViews(views: usize, selection: usize, count: u32, target: usize): u32 {
  for (let i: u32 = 0; i < count; i++) {
    const row = <usize>load<u32>(selection + (<usize>i << 2));
    v128.store(target + (<usize>i << 4), v128.load(views + (row << 4)));
  }
  return load<u32>(target);
}

/** Arrow's layout has no room between texts, so that their bytes move too. */
export function compactOffsets(offsets: usize, bytes: usize, selection: usize, count: u32, targetOffsets: usize, targetBytes: usize): u32 {
  let end: u32 = 0;
  store<u32>(targetOffsets, 0);
  for (let i: u32 = 0; i < count; i++) {
    const row = offsets + (<usize>load<u32>(selection + (<usize>i << 2)) << 2);
    const start = load<u32>(row);
    const length = load<u32>(row, 4) - start;
    for (let at: u32 = 0; at < length; at += 8) store<u64>(targetBytes + end + at, load<u64>(bytes + start + at));
    end += length;
    store<u32>(targetOffsets + (<usize>i << 2), end, 4);
  }
  return end;
}

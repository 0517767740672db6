import type { Instant } from '../clock/clock.ts';

/** From here on marking slots in a bitmap is faster than sorting them. */
const manySlots = 4096;

/**
 * The slots in the order of their instants, then of themselves. Made for bursts: most often all
 * have the same instant, and they are many. May reorder its arguments.
 */
export function sortSlots(slots: Int32Array, instants: Float64Array): Int32Array {
  let first = Infinity;
  let last = -Infinity;
  let highest = 0;
  let isWhole = true;
  for (let index = 0; index < slots.length; index++) {
    const at = instants[index] ?? 0;
    first = Math.min(first, at);
    last = Math.max(last, at);
    isWhole &&= Number.isInteger(at);
    highest = Math.max(highest, slots[index] ?? 0);
  }
  if (first >= last)
    return slots.length > manySlots && highest < 64 * slots.length
      ? sortByMarking(slots, highest)
      : slots.sort();
  const width = highest + 1;
  const isExact = isWhole && (last - first + 1) * width < Number.MAX_SAFE_INTEGER;
  return isExact ? sortPacked(slots, instants, first, width) : sortByComparing(slots, instants);
}

/** One pass to mark, one pass to read the marks. */
function sortByMarking(slots: Int32Array, highest: number): Int32Array {
  const marks = new Int32Array((highest >> 5) + 1);
  for (const slot of slots) {
    const word = slot >> 5;
    marks[word] = (marks[word] ?? 0) | (1 << (slot & 31));
  }
  let count = 0;
  for (let word = 0; word < marks.length; word++)
    for (let bits = marks[word] ?? 0; bits !== 0; bits &= bits - 1)
      slots[count++] = word * 32 + 31 - Math.clz32(bits & -bits);
  return slots;
}

/** Instant and slot in one number each sort without a comparison function. */
function sortPacked(
  slots: Int32Array,
  instants: Float64Array,
  first: Instant,
  width: number,
): Int32Array {
  for (let index = 0; index < slots.length; index++)
    instants[index] = ((instants[index] ?? 0) - first) * width + (slots[index] ?? 0);
  instants.sort();
  for (let index = 0; index < slots.length; index++) slots[index] = (instants[index] ?? 0) % width;
  return slots;
}

function sortByComparing(slots: Int32Array, instants: Float64Array): Int32Array {
  const order = Array.from(slots, (slot, index) => ({ slot, at: instants[index] ?? 0 }));
  order.sort((a, b) => a.at - b.at || a.slot - b.slot);
  return Int32Array.from(order, ({ slot }) => slot);
}

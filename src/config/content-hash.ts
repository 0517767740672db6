const encoder = new TextEncoder();

/**
 * 128 bits of a text as 32 hex digits: four lanes of multiply-and-mix over its UTF-8 bytes, four
 * bytes at a time, each lane with constants of its own. For telling contents apart, not for
 * secrets: somebody could construct two equal ones. Ours, because a pure folder has no
 * `node:crypto`, which also takes longer to load than this takes for a thousand jobs.
 */
export function contentHash(text: string): string {
  const words = wordsOf(text);
  let a = 0x243f6a88;
  let b = 0x85a308d3;
  let c = 0x13198a2e;
  let d = 0x03707344;
  for (const word of words) {
    a = Math.imul(a ^ word, 0x9e3779b1);
    a ^= a >>> 15;
    b = Math.imul(b + word, 0x85ebca77) ^ (b >>> 13);
    c = Math.imul(c ^ word, 0xc2b2ae3d) + (a >>> 11);
    d = Math.imul(d + word, 0x27d4eb2f) ^ (c >>> 16);
  }
  const lanes = [a ^ (d >>> 7), b ^ (a >>> 9), c ^ (b >>> 11), d ^ text.length];
  return lanes.map((lane) => hex(mix(lane))).join('');
}

/** All machines that Node runs on put the low byte first, so that equal texts have equal words. */
function wordsOf(text: string): Uint32Array {
  const mostBytes = 4 * Math.ceil((text.length * 3 + 1) / 4);
  const bytes = mostBytes > scratch.length ? new Uint8Array(mostBytes) : scratch;
  const { written } = encoder.encodeInto(text, bytes);
  const words = Math.ceil(written / 4);
  bytes.fill(0, written, 4 * words);
  return new Uint32Array(bytes.buffer, 0, words);
}

/** For the texts of single jobs, of which there may be a hundred thousand. */
const scratch = new Uint8Array(16_384);

/** Spreads every bit of a lane over all others. */
function mix(lane: number): number {
  let mixed = lane;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0');
}

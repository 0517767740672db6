/**
 * 128 bits of a text as 32 hex digits: four lanes of multiply-and-mix, each with constants of its
 * own. For telling contents apart, not for secrets: somebody could construct two equal ones.
 * Ours, because a pure folder has no `node:crypto`, and SHA-256 in JavaScript runs cold at every
 * start of a command.
 */
export function contentHash(text: string): string {
  let a = 0x243f6a88;
  let b = 0x85a308d3;
  let c = 0x13198a2e;
  let d = 0x03707344;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x85ebca77) + (a >>> 15);
    c = Math.imul(c ^ unit, 0xc2b2ae3d) + (b >>> 13);
    d = Math.imul(d ^ unit, 0x27d4eb2f) + (c >>> 16);
  }
  const lanes = [a ^ (d >>> 7), b ^ (a >>> 9), c ^ (b >>> 11), d ^ text.length];
  return lanes.map((lane) => hex(mix(lane))).join('');
}

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

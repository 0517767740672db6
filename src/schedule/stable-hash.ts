/**
 * A 32-bit hash of a text that is the same on every machine and in every version: slots of `H`
 * and jitter are chosen by it, so changing it moves users' jobs.
 *
 * FNV-1a over UTF-16 units (http://www.isthe.com/chongo/tech/comp/fnv/), then the finaliser of
 * MurmurHash3, because FNV alone leaves similar names in neighbouring slots.
 */
export function stableHash(text: string, seed = 0): number {
  let hash = (0x811c9dc5 ^ seed) | 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

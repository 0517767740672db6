import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

// https://www.sqlite.org/fileformat2.html#the_write_ahead_log
const headerBytes = 32;
const frameHeaderBytes = 24;
const littleEndianMagic = 0x377f0682;

interface Sums {
  a: number;
  b: number;
}

/**
 * What is wrong with the file's log of changes (`-wal`), or undefined. SQLite reads a log up to the
 * first frame that does not match its checksum and silently takes the rest as never written. After a
 * crash that is right for the last transaction; but when whole transactions follow the bad frame, they
 * were durable and acknowledged once, and leaving them out would run their occurrences again.
 */
export function damagedLog(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return damageIn(file);
  } finally {
    closeSync(file);
  }
}

function damageIn(file: number): string | undefined {
  const { size } = fstatSync(file);
  if (size < headerBytes + frameHeaderBytes) return undefined;
  const header = read(file, 0, headerBytes);
  const isLittle = header.readUInt32BE(0) === littleEndianMagic;
  const sums = { a: 0, b: 0 };
  add(sums, header.subarray(0, 24), isLittle);
  if (!matches(sums, header, 24)) return 'The header of its log of changes is damaged';
  const frameBytes = frameHeaderBytes + header.readUInt32BE(8);
  const salts = header.subarray(16, 24);
  const frames = Math.floor((size - headerBytes) / frameBytes);
  for (let index = 0; index < frames; index += 1) {
    const at = headerBytes + index * frameBytes;
    const frame = read(file, at, frameBytes);
    add(sums, frame.subarray(0, 8), isLittle);
    add(sums, frame.subarray(frameHeaderBytes), isLittle);
    const isWhole = salts.equals(frame.subarray(8, 16)) && matches(sums, frame, 16);
    if (isWhole) continue;
    const rest = { file, salts, frameBytes, frames };
    if (!wasFollowed(rest, index)) return undefined;
    return `Its log of changes is damaged at byte ${at}, and whole transactions follow`;
  }
  return undefined;
}

/** Whether frames of the same log stand behind the end of the transaction that a bad frame is in. */
function wasFollowed(
  log: { file: number; salts: Buffer; frameBytes: number; frames: number },
  bad: number,
): boolean {
  let isBehindCommit = false;
  for (let index = bad; index < log.frames; index += 1) {
    const frame = read(log.file, headerBytes + index * log.frameBytes, frameHeaderBytes);
    // The bad frame may itself have lost its salts; any other with other salts ends the log.
    const isOfThisLog = log.salts.equals(frame.subarray(8, 16));
    if (!isOfThisLog && index > bad) return false;
    if (isBehindCommit) return true;
    if (frame.readUInt32BE(4) !== 0) isBehindCommit = true;
  }
  return false;
}

function add(sums: Sums, bytes: Buffer, isLittle: boolean): void {
  let { a, b } = sums;
  for (let at = 0; at < bytes.length; at += 8) {
    a = (a + (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)) + b) >>> 0;
    b = (b + (isLittle ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4)) + a) >>> 0;
  }
  sums.a = a;
  sums.b = b;
}

function matches(sums: Sums, bytes: Buffer, at: number): boolean {
  return bytes.readUInt32BE(at) === sums.a && bytes.readUInt32BE(at + 4) === sums.b;
}

function read(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  readSync(file, bytes, 0, length, at);
  return bytes;
}

/**
 * Bounds on what a file may ask of the reader. Far above what people write, low enough that a
 * hostile file is refused in well under a second and 200 MB.
 */
export const limits = {
  /** Nested maps and lists. */
  depth: 64,
  /** UTF-16 units of one scalar. */
  scalarLength: 1_000_000,
  /** Tokens the library is given; a job of ten keys has about sixty. */
  tokens: 150_000,
  /** Values a document may have after its aliases are followed. */
  expandedNodes: 300_000,
  /** Values in a file that the quick parser reads. */
  quickNodes: 300_000,
  /** Less than `depth`, so that the library is the one to refuse. */
  quickDepth: 60,
} as const;

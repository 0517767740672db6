/** A file as it was found: its path as shown to the user (relative to the root) and its bytes. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Something where a configuration file was expected that cannot be read as one. */
export interface UnreadableFile {
  readonly path: string;
  /** Why, in words for the user: "is a directory", "permission denied" ... */
  readonly reason: string;
}

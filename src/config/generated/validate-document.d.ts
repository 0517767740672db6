/** What the generated validator says about one mistake; see Ajv's `ErrorObject` (verbose). */
export interface SchemaError {
  /** JSON Pointer to the value. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly parentSchema: {
    readonly title?: string;
    readonly type?: string | readonly string[];
    readonly properties?: Readonly<Record<string, unknown>>;
    readonly oneOf?: readonly { readonly $ref: string }[];
  };
  readonly data: unknown;
}

export declare const validate: {
  (value: unknown): boolean;
  /** Of the last call. */
  errors: SchemaError[] | null;
};

/** Thrown by a service when another attempt would fail in the same way: the run is not retried. */
export class PermanentError extends Error {
  readonly retryable = false;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PermanentError';
  }
}

/** The run on whose behalf an endpoint is used. */
export interface EndpointCall {
  readonly cid: string;
  /** Ends the request when the run is timed out or cancelled. */
  readonly signal: AbortSignal;
  /**
   * A key that names one effect of the run: the run's id for the first, the id with `.2`, `.3` ...
   * for further ones, so that two requests of a run are not taken for the same one while another
   * attempt of the run repeats the same keys. Kind `read` is always the run's id.
   */
  nextKey(kind: 'read' | 'rest' | 'smtp'): string;
}

/** What a command found: 0 fine, 1 findings or refusals. */
export interface Outcome {
  exitCode: 0 | 1;
}

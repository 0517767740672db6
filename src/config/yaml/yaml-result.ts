import type { YamlNode } from './node.ts';
import type { TextProblem } from './text-problem.ts';

export interface YamlResult {
  /** Absent when the text is not YAML that can be trusted, or empty. */
  readonly root?: YamlNode;
  readonly problems: readonly TextProblem[];
}

import { calendarRules } from './rules/calendar-rules.ts';
import { declarationRules } from './rules/declaration-rules.ts';
import { doubtRules } from './rules/doubt-rules.ts';
import { referenceRules } from './rules/reference-rules.ts';
import type { RuleEntry } from './rules/rule-entry.ts';
import { scheduleRules } from './rules/schedule-rules.ts';
import { yamlRules } from './rules/yaml-rules.ts';

/** All rules that findings name, in the order of the stages that judge them. */
export const rules: readonly RuleEntry[] = [
  ...yamlRules,
  ...declarationRules,
  ...scheduleRules,
  ...referenceRules,
  ...calendarRules,
  ...doubtRules,
];

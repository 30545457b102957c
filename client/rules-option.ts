/** Defines the option `--rules` of commands that read or write months. */
import { Option } from 'commander';
import { CitibikeError } from '../contracts/errors.ts';
import { showValue } from '../contracts/show-value.ts';
import { storedRuleSet, type StoredRuleSet } from '../contracts/stored-names.ts';

/** Returns an option whose value is the stored name of a rule set. */
export function rulesOption(): Option {
  return new Option('--rules <rules>', "rides that count: 'standard' (over 0 and under 60 minutes) or 'all'")
    .argParser(parseRules)
    .default(storedRuleSet('standard'), 'standard');
}

function parseRules(value: string): StoredRuleSet {
  if (value === 'standard' || value === 'all') return storedRuleSet(value);
  // The former name of the standard rules.
  if (value === 'seed') return value;
  throw new CitibikeError('INVALID_INPUT', `--rules: got ${showValue(value)}, expected standard or all`);
}

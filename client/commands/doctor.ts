import { Command } from 'commander';
import { loadSettings } from '../../settings.ts';
import { assertHealthy, diagnose, type Finding } from '../../stack/doctor.ts';
import { print } from '../print.ts';

const MARKS: Record<Finding['state'], string> = { ok: '✓', warning: '!', missing: '✗' };

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Checks what the local stack needs on this machine, and says how to fix what is missing.')
    .action(async () => {
      const findings = await diagnose(loadSettings());
      for (const { subject, state, text } of findings)
        print(`${MARKS[state]} ${subject.padEnd(11)} ${text}\n`);
      assertHealthy(findings);
    });
}

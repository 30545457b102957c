/** Asks before something is deleted or replaced. */
import readline from 'node:readline/promises';
import { CitibikeError } from '../contracts/errors.ts';

/** @throws CitibikeError STACK unless a person agrees; without a terminal it names the option that agrees. */
export async function confirm(question: string, option: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new CitibikeError('STACK', `nothing was changed; to agree without a terminal, use ${option}`);
  const ask = readline.createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await ask.question(`${question} [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new CitibikeError('STACK', 'nothing was changed');
  } finally {
    ask.close();
  }
}

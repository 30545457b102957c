/** Waiting for a person's word, durably; given by the update `approvePromotion`. */
import { HOUR_MS } from '../contracts/calendar.ts';
import { condition, defineUpdate, setHandler } from '@temporalio/workflow';
import { ApprovalDecision, type ApprovalInput } from '../contracts/approval.ts';
import { CitibikeError } from '../contracts/errors.ts';
import { parseInput } from '../contracts/parse-input.ts';

export const approveUpdate = defineUpdate<{ version: string; approve: boolean }, [ApprovalDecision]>(
  'approvePromotion',
);

/** Takes the update from the start of the workflow on, so that one that comes too early is told so. */
export class Approval {
  #asked: { version: string } | undefined;
  #decision: ApprovalDecision | undefined;

  constructor() {
    setHandler(
      approveUpdate,
      (decision) => {
        this.#decision = decision;
        return { version: this.#asked!.version, approve: decision.approve };
      },
      {
        validator: (decision) => {
          parseInput('approvePromotion', ApprovalDecision, decision);
          if (!this.#asked) {
            throw new CitibikeError('INVALID_INPUT', 'there is nothing to approve yet, or no longer');
          }
        },
      },
    );
  }

  /** @returns what was decided, and a sentence for the version's description that says by whom. */
  async of(
    version: string,
    { timeoutHours, onTimeout }: ApprovalInput,
  ): Promise<{ approve: boolean; word: string }> {
    this.#asked = { version };
    try {
      await condition(() => this.#decision !== undefined, timeoutHours * HOUR_MS);
    } finally {
      this.#asked = undefined;
    }
    const approve = this.#decision?.approve ?? onTimeout === 'promote';
    const verb = approve ? 'Approved' : 'Rejected';
    if (!this.#decision) return { approve, word: `${verb}: nobody decided within ${timeoutHours} h` };
    const { by, reason } = this.#decision;
    return { approve, word: `${verb} by ${by}${reason ? `: ${reason}` : ''}` };
  }
}

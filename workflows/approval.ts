/** Waits durably for a person's decision, which arrives as the update `approvePromotion`. */
import { HOUR_MS } from '../contracts/calendar.ts';
import { condition, defineUpdate, setHandler } from '@temporalio/workflow';
import { ApprovalDecision, type ApprovalInput } from '../contracts/approval.ts';
import { CitibikeError } from '../contracts/errors.ts';
import { parseInput } from '../contracts/parse-input.ts';

export const approveUpdate = defineUpdate<{ version: string; approve: boolean }, [ApprovalDecision]>(
  'approvePromotion',
);

/** Handles the update from the start of the workflow, so that an early update gets an error with the reason. */
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
            throw new CitibikeError(
              'INVALID_INPUT',
              'no promotion waits for approval now; try again when the step approval runs',
            );
          }
        },
      },
    );
  }

  /** Waits for the decision. Returns it with a sentence for the version's description. */
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
    if (!this.#decision) return { approve, word: `${verb}: no decision within ${timeoutHours} h` };
    const { by, reason } = this.#decision;
    return { approve, word: `${verb} by ${by}${reason ? `: ${reason}` : ''}` };
  }
}

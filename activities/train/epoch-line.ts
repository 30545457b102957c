import type { TrainerMessage } from './trainer-protocol.ts';

type Epoch = Extract<TrainerMessage, { type: 'epoch' }>;

/** Returns the line that the log of a training has for an epoch. All networks train side by side, so one line is for all of them. */
export function epochLine({ epoch, epochs, loss, heldOutLoss, seconds }: Epoch, networks: number): string {
  const hidden = heldOutLoss === null ? 'none, the span is too short' : heldOutLoss.toFixed(4);
  return (
    `epoch ${epoch} of ${epochs}, ${networks} networks: train loss ${loss.toFixed(4)}, ` +
    `validation loss ${hidden}, ${seconds.toFixed(1)} s`
  );
}

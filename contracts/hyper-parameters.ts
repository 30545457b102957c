/** What a training may vary, with the defaults that were found to work: of `training`'s input and of each trial of `search`. */
import { Type, type Static } from 'typebox';

export const LossName = Type.Union(
  [Type.Literal('quantile'), Type.Literal('squares'), Type.Literal('huber')],
  {
    default: 'quantile',
    description:
      "'quantile' (median and a 90 % interval), 'squares' or 'huber' (mean, an interval by calibration alone)",
  },
);
export type LossName = Static<typeof LossName>;

export const HyperParameters = Type.Object(
  {
    /** Units of each of the two hidden layers. */
    hidden: Type.Integer({ minimum: 4, maximum: 512, default: 64, description: 'an integer from 4 to 512' }),
    /** Networks of different seeds whose average predicts. */
    networks: Type.Integer({ minimum: 1, maximum: 16, default: 5, description: 'an integer from 1 to 16' }),
    epochs: Type.Integer({ minimum: 1, maximum: 500, default: 25, description: 'an integer from 1 to 500' }),
    batch: Type.Integer({ minimum: 8, maximum: 4096, default: 64, description: 'an integer from 8 to 4096' }),
    /** Adam's, at the start of a cosine decay to 0. */
    learningRate: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1,
      default: 1e-3,
      description: 'a number above 0, at most 1',
    }),
    /** Decoupled weight decay of the kernels a step, in units of the learning rate (AdamW, Loshchilov & Hutter 2019). */
    weightDecay: Type.Number({
      minimum: 0,
      maximum: 10,
      default: 0.5,
      description: 'a number from 0 to 10',
    }),
    loss: LossName,
    /** Divide the target by the growth estimated within the training span, and multiply it back in predictions; for the basic features only if requested. */
    growth: Type.Boolean({
      default: true,
      description: 'true or false; default for the basic features: false',
    }),
    /** Move the bounds of the interval by what hours held out show (conformal, by group of hours). */
    calibration: Type.Boolean({ default: true, description: 'true or false' }),
  },
  { additionalProperties: false },
);
export type HyperParameters = Static<typeof HyperParameters>;

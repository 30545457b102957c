/** Defines the hyper-parameters of a training and of each trial of a search. */
import { Type, type Static } from 'typebox';

export const LossName = Type.Union(
  [Type.Literal('quantile'), Type.Literal('squares'), Type.Literal('huber')],
  {
    title: 'loss function that the training minimises',
    default: 'quantile',
    description:
      "'quantile' (median and 90 % interval), or 'squares' or 'huber' (mean; the interval comes from calibration)",
  },
);
export type LossName = Static<typeof LossName>;

export const HyperParameters = Type.Object(
  {
    hidden: Type.Integer({
      title: 'units of each of the two hidden layers',
      minimum: 4,
      maximum: 512,
      default: 64,
      description: 'an integer from 4 to 512',
    }),
    networks: Type.Integer({
      title: 'networks of different seeds, whose predictions are averaged',
      minimum: 1,
      maximum: 16,
      default: 5,
      description: 'an integer from 1 to 16',
    }),
    epochs: Type.Integer({
      title: 'passes over the training hours',
      minimum: 1,
      maximum: 500,
      default: 25,
      description: 'an integer from 1 to 500',
    }),
    batch: Type.Integer({
      title: 'hours per training step',
      minimum: 8,
      maximum: 4096,
      default: 64,
      description: 'an integer from 8 to 4096',
    }),
    learningRate: Type.Number({
      title: 'learning rate of Adam at the start; it decays to 0 along a cosine',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 1e-3,
      description: 'a number above 0, at most 1',
    }),
    /** Decoupled weight decay of the kernels (AdamW, Loshchilov & Hutter 2019). */
    weightDecay: Type.Number({
      title: 'weight decay per training step, in units of the learning rate',
      minimum: 0,
      maximum: 10,
      default: 0.5,
      description: 'a number from 0 to 10',
    }),
    loss: LossName,
    /** The training divides trips by the growth within its span, and predictions multiply by it. */
    growth: Type.Boolean({
      title: 'model the growth of demand apart from season and weather',
      default: true,
      description: 'true or false; the default for basic features is false',
    }),
    /** Conformal calibration by group of hours. */
    calibration: Type.Boolean({
      title: 'calibrate the bounds of the interval on held-out hours',
      default: true,
      description: 'true or false',
    }),
  },
  { additionalProperties: false },
);
export type HyperParameters = Static<typeof HyperParameters>;

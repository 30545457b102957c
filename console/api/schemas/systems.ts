/** Schemas of the list of systems. */
import { Type } from 'typebox';

export const SystemsAnswer = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String({ description: 'name of the place' }),
      brand: Type.String({ description: 'name of the bikes' }),
      timeZone: Type.String(),
      model: Type.String({ description: 'registered model, unless an input names another' }),
    }),
  ),
});

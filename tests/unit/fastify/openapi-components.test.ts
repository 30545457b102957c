import { describe, expect, it } from 'vitest';
import { Type } from 'typebox';
import { withComponents } from '../../../adapters/fastify/openapi-components.ts';

const State = Type.Union([Type.Literal('up'), Type.Literal('down')]);
const Server = Type.Object({ state: State, tags: Type.Record(Type.String(), Type.Number()) });
const NotFound = { description: 'The server does not exist.', content: { json: { schema: Server } } };
const COMPONENTS = { schemas: { Server, State }, responses: { NotFound } };

/** Is a schema as @fastify/swagger writes it. */
const written = {
  type: 'object',
  required: ['state', 'tags'],
  properties: {
    state: {
      anyOf: [
        { type: 'string', enum: ['up'] },
        { type: 'string', enum: ['down'] },
      ],
    },
    tags: { type: 'object', additionalProperties: { type: 'number' } },
  },
};

describe('withComponents', () => {
  const document = {
    openapi: '3.1.0',
    paths: {
      '/a': { get: { responses: { 200: { schema: { type: 'array', items: written } } } } },
      '/b': { get: { responses: { 404: { ...NotFound, content: { json: { schema: written } } } } } },
    },
    components: { securitySchemes: { key: {} } },
  };
  const { paths, components } = withComponents(document, COMPONENTS);

  it('replaces named schemas and responses by references', () => {
    expect(paths).toEqual({
      '/a': {
        get: {
          responses: { 200: { schema: { type: 'array', items: { $ref: '#/components/schemas/Server' } } } },
        },
      },
      '/b': { get: { responses: { 404: { $ref: '#/components/responses/NotFound' } } } },
    });
  });

  it('refers from one component to another, and keeps the other components', () => {
    expect(components).toMatchObject({
      securitySchemes: { key: {} },
      schemas: { Server: { properties: { state: { $ref: '#/components/schemas/State' } } } },
      responses: { NotFound: { content: { json: { schema: { $ref: '#/components/schemas/Server' } } } } },
    });
  });
});

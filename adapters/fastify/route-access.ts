/**
 * Makes every route declare who may use it in its own options. Servers check the route that matched, so no
 * spelling of a path bypasses the check. A server does not start if a route declares no access.
 */
import type {
  FastifyInstance,
  FastifyPluginAsync,
  FastifyPluginCallback,
  FastifyPluginOptions,
  FastifyRequest,
  RouteOptions,
} from 'fastify';
import fp from 'fastify-plugin';

/** Represents the access of a route. `public`: anyone. `read`: callers who may see what the server shows. `act`: identified callers. */
export type Access = 'public' | 'read' | 'act';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyInstance {
    /** Routes of the server, including those of plugins, as the router announced them. */
    declaredRoutes: readonly RouteOptions[];
  }
}

/** Collects and checks the routes. Register it before every plugin with routes. */
export const routeAccessPlugin = fp(
  (app: FastifyInstance) => {
    const routes: RouteOptions[] = [];
    app.decorate('declaredRoutes', routes);
    app.addHook('onRoute', (route) => void routes.push(route));
    // An onRoute check would be too early: the hook of `withAccess`, which declares access, runs after it.
    app.addHook('onReady', (done) => {
      const silent = routes.filter(({ config }) => config?.access === undefined);
      const names = silent.map(({ method, url }) => `${[method].flat().join(', ')} ${url}`);
      done(
        names.length === 0
          ? undefined
          : new Error(
              `routes without access: ${names.join('; ')}. Declare config: { access: 'public' | 'read' | 'act' }.`,
            ),
      );
    });
  },
  { name: 'route-access' },
);

/** Wraps a plugin whose routes take no `config`, and declares access for all of them. */
export function withAccess<Options extends FastifyPluginOptions>(
  access: Access,
  plugin: FastifyPluginAsync<Options> | FastifyPluginCallback<Options>,
): FastifyPluginAsync<Options> {
  return async (scope, options) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, access };
    });
    await scope.register(plugin as FastifyPluginAsync<Options>, options);
  };
}

/**
 * Returns the access that the matched route requires. Without a matched route, GET and HEAD require `read`
 * and all other methods require `act`.
 */
export function accessOf({ routeOptions, method, is404 }: FastifyRequest): Access {
  return routeOptions.config.access ?? (is404 && (method === 'GET' || method === 'HEAD') ? 'read' : 'act');
}

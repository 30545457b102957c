/**
 * Every route declares who may use it, in its own options. Servers check the route that matched, so no spelling of an address leads
 * around it, and a server with a route that declares nothing does not start.
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

/** `public`: anybody. `read`: whoever may see what the server shows. `act`: an identified caller. */
export type Access = 'public' | 'read' | 'act';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyInstance {
    /** Every route of the server, plugins' own included, as the router announced it. */
    declaredRoutes: readonly RouteOptions[];
  }
}

/** Register it before every plugin with routes. */
export const routeAccessPlugin = fp(
  (app: FastifyInstance) => {
    const routes: RouteOptions[] = [];
    app.decorate('declaredRoutes', routes);
    app.addHook('onRoute', (route) => void routes.push(route));
    // Not in onRoute: a scope around a plugin declares for its routes, and its hook runs after this one.
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

/** A plugin whose routes take no `config`, with access declared for all of them. */
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
 * What the route that matched asks for. Denies by default: of what no route matched, a look asks for `read` and everything else for
 * `act`.
 */
export function accessOf({ routeOptions, method, is404 }: FastifyRequest): Access {
  return routeOptions.config.access ?? (is404 && (method === 'GET' || method === 'HEAD') ? 'read' : 'act');
}

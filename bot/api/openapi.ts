import { z } from 'zod'
import { ROUTES } from '../../shared/api.js'
import type { openApiRoutes } from '../../shared/api/openapi.js'
import { Id, Refusal, type Route } from '../../shared/api/route.js'
import type { HandlersOf } from './handlers.js'

type Json = Record<string, unknown>

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io })
  return rest as Json
}

const inJson = (schema: Json, type = 'application/json') => ({ content: { [type]: { schema } } })

/** What may go wrong with a route, as its place in the table says. */
function refusals(route: Route): Json {
  const codes = ['429', '500']
  if (route.roles !== 'everyone') codes.push('401')
  if (route.roles !== 'everyone' || route.method !== 'get') codes.push('403')
  if (route.path.includes(':')) codes.push('404')
  if (route.body) codes.push('400', '413')
  if (route.body || route.query) codes.push('422')
  const refusal = { $ref: '#/components/responses/Refusal' }
  return Object.fromEntries(codes.sort().map((code) => [code, refusal]))
}

function parameters(route: Route): Json[] {
  const names = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1] as string)
  const params = route.params ? (schemaOf(route.params, 'input').properties as Record<string, Json>) : {}
  const query = route.query ? schemaOf(route.query, 'input') : {}
  const required = (query.required ?? []) as string[]
  return [
    ...names.map((name) => ({
      name,
      in: 'path',
      required: true,
      schema: params[name] ?? schemaOf(Id, 'input'),
    })),
    ...Object.entries((query.properties ?? {}) as Record<string, Json>).map(([name, schema]) => ({
      name,
      in: 'query',
      required: required.includes(name),
      schema,
    })),
  ]
}

function operation(name: string, route: Route): Json {
  const { roles } = route
  const who = roles === 'everyone' ? '任何人' : roles === 'signed-in' ? '登录的人' : roles.join('、')
  const reply = inJson(
    schemaOf(route.reply, 'output'),
    route.stream ? 'text/event-stream' : 'application/json',
  )
  const change = roles !== 'everyone' && route.method !== 'get'
  return {
    operationId: name,
    summary: route.summary,
    description: `Roles: ${who}`,
    tags: [name.split('.')[0]],
    security: roles === 'everyone' ? [] : [change ? { session: [], csrf: [] } : { session: [] }],
    parameters: parameters(route),
    ...(route.body ? { requestBody: { required: true, ...inJson(schemaOf(route.body, 'input')) } } : {}),
    responses: { '200': { description: 'Done', ...reply }, ...refusals(route) },
  }
}

/** The interface as an OpenAPI 3.1 document, made from the table of routes and its zod schemas. */
export function openApi(): Json {
  const paths: Record<string, Json> = {}
  for (const [name, route] of Object.entries<Route>(ROUTES)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method]: operation(name, route) }
  }
  return {
    openapi: '3.1.1',
    info: { title: '青安 console', version: '1', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/api' }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'qingan' },
        csrf: { type: 'apiKey', in: 'header', name: 'x-csrf-token' },
      },
      responses: {
        Refusal: {
          description: 'Refused; `message` is for the person at the console',
          ...inJson(schemaOf(Refusal, 'output')),
        },
      },
    },
  }
}

export function openApiHandlers(): HandlersOf<typeof openApiRoutes> {
  const document = openApi() as Json & { openapi: '3.1.1' }
  return { openapi: async () => document }
}

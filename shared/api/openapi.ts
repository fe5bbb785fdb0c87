import { z } from 'zod'
import { routes } from './route.js'

/** The description of this interface. It says nothing that the sources do not say, so it is for everyone. */
export const openApiRoutes = routes({
  openapi: {
    method: 'get',
    path: '/openapi.json',
    roles: 'everyone',
    summary: 'This document (OpenAPI 3.1)',
    reply: z.looseObject({ openapi: z.literal('3.1.1') }),
  },
})

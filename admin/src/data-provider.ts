import type { DataProvider, RaRecord } from 'react-admin'
import { z } from 'zod'
import { ROUTES } from '../../shared/api.js'
import type { Route } from '../../shared/api/route.js'
import type { Call, Caller, LooseAsking } from './call.js'

/**
 * What pages speak with. react-admin's methods stand for the routes `<resource>.list`, `.one`, `.create`, `.update`
 * and `.remove`; everything else is `call` with the name of its route.
 */
export interface Api extends DataProvider {
  call: Call
}

/** Lists without pages of their own ask for the most a list gives. */
const WHOLE = { page: 1, perPage: 100 }

/** The data provider over a caller. */
export function createDataProvider({ call, callAny }: Caller): Api {
  const ask = async <T>(resource: string, verb: string, asking: LooseAsking): Promise<T> =>
    (await callAny(`${resource}.${verb}`, asking)) as T

  const list = async <R extends RaRecord>(
    resource: string,
    pagination: { page: number; perPage: number } = WHOLE,
    filter: Record<string, unknown> = {},
  ) => {
    const query = { page: pagination.page, perPage: Math.min(pagination.perPage, 100), ...filter }
    const { items, total } = await ask<{ items: R[]; total: number }>(resource, 'list', { query })
    return { data: items, total }
  }
  const one = async <R extends RaRecord>(resource: string, id: R['id']) =>
    ask<R>(resource, 'one', { params: { id: String(id) } })

  return {
    call,
    getList: (resource, { pagination, filter }) => list(resource, pagination, filter),
    getManyReference: (resource, { pagination, filter, target, id }) =>
      list(resource, pagination, { ...filter, [target]: id }),
    getOne: async (resource, { id }) => ({ data: await one(resource, id) }),
    getMany: async (resource, { ids }) => ({ data: await Promise.all(ids.map((id) => one(resource, id))) }),
    create: async (resource, { data }) => ({
      data: await ask(resource, 'create', { body: only(`${resource}.create`, data) }),
    }),
    update: async (resource, { id, data }) => ({
      data: await ask(resource, 'update', {
        params: { id: String(id) },
        body: only(`${resource}.update`, data),
      }),
    }),
    updateMany: () => Promise.reject(new Error('no route changes many at once')),
    delete: async <R extends RaRecord>(
      resource: string,
      { id, previousData }: { id: R['id']; previousData?: R },
    ) => {
      await ask(resource, 'remove', { params: { id: String(id) } })
      return { data: previousData ?? ({ id } as R) }
    },
    deleteMany: () => Promise.reject(new Error('no route removes many at once')),
  }
}

/** A form holds the whole record; the body takes what its schema names and refuses the rest. */
function only(name: string, data: Record<string, unknown>): unknown {
  const body = (ROUTES as Record<string, Route>)[name]?.body
  if (!(body instanceof z.ZodObject)) return data
  return Object.fromEntries(Object.entries(data).filter(([key]) => key in body.shape))
}

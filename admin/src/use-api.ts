import { useCallback, useContext } from 'react'
import { DataProviderContext, useGetIdentity, useLogoutIfAccessDenied } from 'react-admin'
import { useQuery } from '@tanstack/react-query'
import type { Asking, Call, ReplyOf, RouteName } from './call.js'
import type { Api } from './data-provider.js'
import type { Identity } from './auth-provider.js'

/**
 * `call` of the data provider. Unlike react-admin's own hook it throws also when the session has ended: nothing may
 * look done that was not.
 */
export function useCall(): Call {
  const api = useContext(DataProviderContext) as Api
  const checkError = useLogoutIfAccessDenied()
  return useCallback(
    (async (name, ...asking) => {
      try {
        return await api.call(name, ...asking)
      } catch (error) {
        await checkError(error)
        throw error
      }
    }) as Call,
    [api, checkError],
  )
}

/** What a route answers now, kept fresh by live.ts: its key begins with the resource, as react-admin's own do. */
export function useAsk<N extends RouteName>(
  name: N,
  asking: Asking<N>,
  options: { enabled?: boolean; refetchInterval?: number } = {},
) {
  const call = useCall()
  return useQuery<ReplyOf<N>>({
    queryKey: [name.split('.')[0], name, asking],
    queryFn: () => (call as (name: N, asking: Asking<N>) => Promise<ReplyOf<N>>)(name, asking),
    ...options,
  })
}

/** Who is signed in; undefined for the moment it takes to know. */
export const useMe = () => (useGetIdentity().identity as Identity | undefined)?.me

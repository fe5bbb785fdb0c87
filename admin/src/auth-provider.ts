import type { AuthProvider, UserIdentity } from 'react-admin'
import { Refused, type Caller } from './call.js'
import { forgetTyped } from './conversations/draft.js'
import type { Me } from './session.js'

export interface Identity extends UserIdentity {
  me: Me
}

/** Sign-in for react-admin over the session routes. The session itself is a cookie that no script can read. */
export function createAuthProvider({ call, forget }: Caller): AuthProvider {
  let known: Promise<Me> | undefined
  const me = (): Promise<Me> => {
    known ??= call('me').then(({ staff }) => staff)
    return known.catch((error: unknown) => {
      known = undefined
      throw error
    })
  }
  const leave = () => {
    known = undefined
    forget()
  }

  return {
    async login(body: { name: string; password: string }) {
      leave()
      await call('sign-in', { body })
    },
    async logout() {
      const signedIn = known !== undefined
      if (signedIn)
        await call('sign-out').catch((error: unknown) => {
          // Signed out already is what was wanted.
          if (!(error instanceof Refused && error.status === 401)) throw error
        })
      // Only whoever leaves on purpose: an ended session finds what was typed again.
      if (signedIn) forgetTyped(sessionStorage)
      leave()
    },
    async checkAuth() {
      await me()
    },
    async checkError(error: unknown) {
      // Whoever was not signed in has no session that could have ended: behind a one-time link a password is being chosen.
      if (!(error instanceof Refused && error.status === 401) || !known) return
      leave()
      throw error
    },
    async getIdentity(): Promise<Identity> {
      const staff = await me()
      return { id: staff.id, fullName: staff.workName, me: staff }
    },
    async getPermissions() {
      return me()
    },
  }
}

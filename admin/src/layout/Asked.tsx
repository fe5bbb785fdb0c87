import type { ReactNode } from 'react'
import { Alert, Button } from '@mui/material'
import type { UseQueryResult } from '@tanstack/react-query'
import { messageOf } from '../call.js'
import { Waiting } from './Waiting.js'

/** What was asked of the server: a wait, a plain sentence with a way to try again, or what came, kept while it is read anew. */
export function Asked<T>({ asked, children }: { asked: UseQueryResult<T>; children(data: T): ReactNode }) {
  if (asked.isPending) return <Waiting />
  return (
    <>
      {asked.isError && (
        <Alert severity="error" action={<Button onClick={() => void asked.refetch()}>再试</Button>}>
          {asked.data !== undefined && '看到的可能不是最新的。'}
          {messageOf(asked.error)}
        </Alert>
      )}
      {asked.data !== undefined && children(asked.data)}
    </>
  )
}

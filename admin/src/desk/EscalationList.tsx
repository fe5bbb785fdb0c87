import { Stack, Typography } from '@mui/material'
import { useNavigate } from 'react-admin'
import type { Escalation } from '../../../shared/desk.js'
import type { Me } from '../session.js'
import { useNow } from '../use-now.js'
import { EscalationCard } from './EscalationCard.js'
import { useClaim } from './use-claim.js'
import { useListKeys } from './use-list-keys.js'

interface ListProps {
  label: string
  escalations: readonly Escalation[]
  me: Me | undefined
  /** Said when there is nothing. */
  empty: string
}

/** Cards in the order given; by mouse or by keyboard one is taken, or its conversation opened. */
export function EscalationList({ label, escalations, me, empty }: ListProps) {
  const now = useNow()
  const navigate = useNavigate()
  const { claim, claiming } = useClaim()
  const keys = useListKeys(
    escalations.map(({ id }) => id),
    (id) => {
      const chosen = escalations.find((each) => each.id === id)
      if (!chosen) return
      if (chosen.state === 'waiting') void claim(chosen)
      else navigate(`/conversations/${chosen.conversation}/show`)
    },
  )
  if (escalations.length === 0)
    return <Typography sx={{ py: 6, textAlign: 'center', color: 'text.secondary' }}>{empty}</Typography>
  return (
    <Stack component="ul" sx={{ listStyle: 'none', p: 0, m: 0, gap: 1.5 }} aria-label={label}>
      {escalations.map((each) => (
        <EscalationCard
          key={each.id}
          ref={keys.refOf(each.id)}
          escalation={each}
          now={now}
          mine={each.claimedBy?.id === me?.id}
          chosen={keys.current === each.id}
          busy={claiming !== null}
          onClaim={() => void claim(each)}
          onFocus={() => keys.choose(each.id)}
        />
      ))}
    </Stack>
  )
}

import { useState } from 'react'
import {
  Alert,
  Box,
  Button,
  Pagination,
  Stack,
  ToggleButton,
  ToggleButtonGroup,
  Typography,
} from '@mui/material'
import { Loading, Title, useNavigate } from 'react-admin'
import { messageOf } from '../call.js'
import { EscalationCard } from '../desk/EscalationCard.js'
import { useClaim } from '../desk/use-claim.js'
import { useListKeys } from '../desk/use-list-keys.js'
import { useAsk, useMe } from '../use-api.js'
import { useNow } from '../use-now.js'

const PER_PAGE = 25

/** The talks that need or had a human, newest first: one's own, or all one may read. */
export function ConversationList() {
  const me = useMe()
  const now = useNow()
  const navigate = useNavigate()
  const { claim, claiming } = useClaim()
  const [mine, setMine] = useState(true)
  const [page, setPage] = useState(1)
  const list = useAsk('conversations.list', {
    query: { page, perPage: PER_PAGE, ...(mine && { mine: 'true' }) },
  })
  const items = list.data?.items ?? []
  const keys = useListKeys(
    items.map(({ id }) => id),
    (id) => navigate(`/conversations/${items.find((each) => each.id === id)?.conversation ?? ''}/show`),
  )
  const pages = Math.ceil((list.data?.total ?? 0) / PER_PAGE)

  return (
    <Box sx={{ maxWidth: 960, width: '100%', mx: 'auto', py: 2 }}>
      <Title title="对话" />
      <ToggleButtonGroup
        exclusive
        size="small"
        value={mine}
        aria-label="看哪些"
        sx={{ mb: 2 }}
        onChange={(_, next: boolean | null) => {
          if (next === null) return
          setMine(next)
          setPage(1)
        }}
      >
        <ToggleButton value={true} sx={{ px: 2 }}>
          我接过的
        </ToggleButton>
        <ToggleButton value={false} sx={{ px: 2 }}>
          我能看的全部
        </ToggleButton>
      </ToggleButtonGroup>
      {list.isPending && <Loading />}
      {list.isError && (
        <Alert severity="error" action={<Button onClick={() => void list.refetch()}>再试</Button>}>
          {messageOf(list.error)}
        </Alert>
      )}
      {list.data && items.length === 0 && (
        <Typography component="p" sx={{ py: 6, textAlign: 'center', color: 'text.secondary' }}>
          {mine ? '你还没有接过对话。' : '没有需要真人的对话。'}
        </Typography>
      )}
      <Stack component="ul" sx={{ listStyle: 'none', p: 0, m: 0, gap: 1.5 }} aria-label="对话">
        {items.map((each) => (
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
      {pages > 1 && (
        <Pagination count={pages} page={page} onChange={(_, next) => setPage(next)} sx={{ my: 2 }} />
      )}
    </Box>
  )
}

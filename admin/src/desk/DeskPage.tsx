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
import type { Escalation } from '../../../shared/desk.js'
import { messageOf } from '../call.js'
import { useAsk, useMe } from '../use-api.js'
import { useNow } from '../use-now.js'
import { EscalationCard } from './EscalationCard.js'
import { PresentNow } from './PresentNow.js'
import { useClaim } from './use-claim.js'
import { useListKeys } from './use-list-keys.js'

const VIEWS = { waiting: '在等', mine: '我的', claimed: '同事在谈', resolved: '结束了' } as const
type View = keyof typeof VIEWS
const PER_PAGE = 50

/** The queue in the order of the desk: one key or one click takes the most pressing. */
export function DeskPage() {
  const me = useMe()
  const now = useNow()
  const navigate = useNavigate()
  const { claim, claiming } = useClaim()
  const [view, setView] = useState<View>('waiting')
  const [page, setPage] = useState(1)
  const state = view === 'mine' ? 'claimed' : view
  const list = useAsk('escalations.list', { query: { state, page, perPage: PER_PAGE } })
  const isMine = ({ claimedBy }: Escalation) => claimedBy?.id === me?.id
  const shown = (list.data?.items ?? []).filter((each) =>
    view === 'mine' ? isMine(each) : view === 'claimed' ? !isMine(each) : true,
  )
  const enter = (each: Escalation) =>
    each.state === 'waiting' ? void claim(each) : navigate(`/conversations/${each.conversation}/show`)
  const keys = useListKeys(
    shown.map(({ id }) => id),
    (id) => shown.filter((each) => each.id === id).forEach(enter),
  )
  const pages = Math.ceil((list.data?.total ?? 0) / PER_PAGE)

  return (
    <Box sx={{ maxWidth: 960, width: '100%', mx: 'auto', py: 2 }}>
      <Title title="求助队列" />
      <Stack direction="row" useFlexGap sx={{ flexWrap: 'wrap', gap: 2, mb: 2, alignItems: 'center' }}>
        <ToggleButtonGroup
          exclusive
          size="small"
          value={view}
          aria-label="看哪些"
          onChange={(_, next: View | null) => {
            if (!next) return
            setView(next)
            setPage(1)
          }}
        >
          {Object.entries(VIEWS).map(([name, label]) => (
            <ToggleButton key={name} value={name} sx={{ px: 1.5 }}>
              {label}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
        <PresentNow />
      </Stack>
      {list.isPending && <Loading />}
      {list.isError && (
        <Alert severity="error" action={<Button onClick={() => void list.refetch()}>再试</Button>}>
          {messageOf(list.error)}
        </Alert>
      )}
      {list.data && shown.length === 0 && <Empty view={view} />}
      <Stack component="ul" sx={{ listStyle: 'none', p: 0, m: 0, gap: 1.5 }} aria-label={VIEWS[view]}>
        {shown.map((each) => (
          <EscalationCard
            key={each.id}
            ref={keys.refOf(each.id)}
            escalation={each}
            now={now}
            mine={isMine(each)}
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
      <Keys />
    </Box>
  )
}

function Empty({ view }: { view: View }) {
  const words: Record<View, string> = {
    waiting: '现在没有人在等。有人来，会响铃，标签页的标题也会变。',
    mine: '你手里没有对话。',
    claimed: '同事手里没有对话。',
    resolved: '还没有结束的对话。',
  }
  return (
    <Typography component="p" sx={{ py: 6, textAlign: 'center', color: 'text.secondary' }}>
      {words[view]}
    </Typography>
  )
}

function Keys() {
  return (
    <Box component="details" sx={{ mt: 3, color: 'text.secondary' }}>
      <Box component="summary" sx={{ cursor: 'pointer', width: 'fit-content' }}>
        不用鼠标怎么做
      </Box>
      <ul>
        <li>
          <kbd>j</kbd> 或 <kbd>↓</kbd>：下一个；<kbd>k</kbd> 或 <kbd>↑</kbd>：上一个
        </li>
        <li>
          <kbd>Enter</kbd>：接下选中的这个，并打开对话；已经在谈的，打开对话
        </li>
        <li>
          在对话里：<kbd>Ctrl</kbd>+<kbd>Enter</kbd> 发送，<kbd>Tab</kbd> 到下一个按钮，<kbd>Esc</kbd>{' '}
          关上窗口
        </li>
      </ul>
    </Box>
  )
}

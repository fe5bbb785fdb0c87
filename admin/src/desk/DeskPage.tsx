import { useState } from 'react'
import { Box, Stack } from '@mui/material'
import type { Escalation } from '../../../shared/desk.js'
import { Asked } from '../layout/Asked.js'
import { Choice } from '../layout/Choice.js'
import { Page } from '../layout/Page.js'
import { Pager } from '../layout/Pager.js'
import { useAsk, useMe } from '../use-api.js'
import { EscalationList } from './EscalationList.js'
import { PresentNow } from './PresentNow.js'

const VIEWS = { waiting: '在等', mine: '我的', claimed: '同事在谈', resolved: '结束了' } as const
type View = keyof typeof VIEWS
const EMPTY: Record<View, string> = {
  waiting: '现在没有人在等。有人来，会响铃，标签页的标题也会变。',
  mine: '你手里没有对话。',
  claimed: '同事手里没有对话。',
  resolved: '还没有结束的对话。',
}
const PER_PAGE = 50

/** The queue in the order of the desk: one key or one click takes the most pressing. */
export function DeskPage() {
  const me = useMe()
  const [view, setView] = useState<View>('waiting')
  const [page, setPage] = useState(1)
  const state = view === 'mine' ? 'claimed' : view
  const list = useAsk('escalations.list', { query: { state, page, perPage: PER_PAGE } })
  const shown = (each: Escalation) =>
    view === 'waiting' || view === 'resolved' || (each.claimedBy?.id === me?.id) === (view === 'mine')

  return (
    <Page title="求助队列" width={960}>
      <Stack direction="row" sx={{ flexWrap: 'wrap', gap: 2, alignItems: 'center' }}>
        <Choice
          label="看哪些"
          options={VIEWS}
          value={view}
          onChange={(next) => {
            setView(next)
            setPage(1)
          }}
        />
        <PresentNow />
      </Stack>
      <Asked asked={list}>
        {({ items }) => (
          <EscalationList label={VIEWS[view]} escalations={items.filter(shown)} me={me} empty={EMPTY[view]} />
        )}
      </Asked>
      <Pager total={list.data?.total} perPage={PER_PAGE} page={page} onPage={setPage} />
      <Keys />
    </Page>
  )
}

function Keys() {
  return (
    <Box component="details" sx={{ color: 'text.secondary' }}>
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

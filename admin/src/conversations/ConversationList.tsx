import { useState } from 'react'
import { EscalationList } from '../desk/EscalationList.js'
import { Asked } from '../layout/Asked.js'
import { Choice } from '../layout/Choice.js'
import { Page } from '../layout/Page.js'
import { Pager } from '../layout/Pager.js'
import { useAsk, useMe } from '../use-api.js'

const VIEWS = { mine: '我接过的', all: '我能看的全部' } as const
type View = keyof typeof VIEWS
const EMPTY: Record<View, string> = { mine: '你还没有接过对话。', all: '没有需要真人的对话。' }
const PER_PAGE = 25

/** The talks that need or had a human, newest first: one's own, or all one may read. */
export function ConversationList() {
  const me = useMe()
  const [view, setView] = useState<View>('mine')
  const [page, setPage] = useState(1)
  const query = { page, perPage: PER_PAGE, ...(view === 'mine' && { mine: 'true' }) }
  const list = useAsk('conversations.list', { query })
  return (
    <Page title="对话" width={960}>
      <Choice
        label="看哪些"
        options={VIEWS}
        value={view}
        onChange={(next) => {
          setView(next)
          setPage(1)
        }}
      />
      <Asked asked={list}>
        {({ items }) => (
          <EscalationList label={VIEWS[view]} escalations={items} me={me} empty={EMPTY[view]} />
        )}
      </Asked>
      <Pager total={list.data?.total} perPage={PER_PAGE} page={page} onPage={setPage} />
    </Page>
  )
}

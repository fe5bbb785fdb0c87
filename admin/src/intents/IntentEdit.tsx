import { useEffect, useState } from 'react'
import { Alert, Box, Button, Chip, Stack, Typography } from '@mui/material'
import { LinkBase, useNotify, useParams } from 'react-admin'
import { useQueryClient } from '@tanstack/react-query'
import type { IntentDraft } from '../../../shared/content.js'
import { Asked } from '../layout/Asked.js'
import { Page } from '../layout/Page.js'
import { allows } from '../session.js'
import { useAsk, useCall, useMe } from '../use-api.js'
import { HistoryDialog } from './HistoryDialog.js'
import { SignDialog } from './SignDialog.js'
import { TopicForm } from './TopicForm.js'
import { SIGNED_WORDS } from './words.js'

/** One topic: its form, its signatures, what was done to it. */
export function IntentEdit() {
  const id = useParams().id ?? ''
  const asked = useAsk('intents.one', { params: { id } })
  /** The draft in the form: what others save meanwhile does not wipe what is being written. */
  const [opened, setOpened] = useState<IntentDraft | null>(null)
  useEffect(() => {
    if (asked.data && opened?.id !== asked.data.id) setOpened(asked.data)
  }, [asked.data, opened])
  const newer = asked.data && opened && asked.data.hash !== opened.hash ? asked.data : null
  return (
    <Page title={asked.data?.intent.title ?? '话题'} width={1500}>
      <Asked asked={asked}>
        {() =>
          opened && (
            <>
              {newer && (
                <Alert
                  severity="warning"
                  action={<Button onClick={() => setOpened(newer)}>放弃我的，看新的</Button>}
                >
                  有人刚刚保存了这个话题。你的改动存不进去，除非先看新的内容。
                </Alert>
              )}
              <Standing draft={opened} onSaved={setOpened} />
              <TopicForm key={opened.hash} draft={opened} onSaved={setOpened} />
            </>
          )
        }
      </Asked>
      <Button component={LinkBase} to="/intents" sx={{ alignSelf: 'start' }}>
        回到列表
      </Button>
    </Page>
  )
}

function Standing({ draft, onSaved }: { draft: IntentDraft; onSaved(draft: IntentDraft): void }) {
  const me = useMe()
  const call = useCall()
  const notify = useNotify()
  const queries = useQueryClient()
  const [open, setOpen] = useState<'sign' | 'history' | null>(null)
  const { id, signed, until, changed, conflict, answersHash } = draft
  return (
    <Box>
      <Stack direction="row" sx={{ gap: 1, flexWrap: 'wrap', alignItems: 'center' }}>
        <Typography sx={{ color: 'text.secondary' }}>{id}</Typography>
        <Chip size="small" variant="outlined" label={until && signed !== 'unsigned' ? `${SIGNED_WORDS[signed].label}（${until}）` : SIGNED_WORDS[signed].label} />
        <Typography variant="body2">{SIGNED_WORDS[signed].meaning}</Typography>
        {changed && <Chip size="small" color="info" label="改了，没发布" />}
        {allows(me, 'intents.sign') && <Button onClick={() => setOpen('sign')}>签字</Button>}
        <Button onClick={() => setOpen('history')}>改动记录</Button>
      </Stack>
      {conflict && (
        <Alert severity="warning" sx={{ mt: 1 }}>
          这个话题的文件也改过，和管理台里的不一样。请到“<LinkBase to="/release">发布</LinkBase>”里选用哪一份。
        </Alert>
      )}
      {open === 'history' && <History id={id} onClose={() => setOpen(null)} />}
      {open === 'sign' && (
        <SignDialog
          what="签的是上次保存的全部回答，每一种读者、每一层、每一条法条。"
          onClose={() => setOpen(null)}
          onSign={async (signature) => {
            onSaved(await call('intents.sign', { params: { id }, body: { ...signature, answersHash } }))
            await queries.invalidateQueries({ queryKey: ['intents'] })
            notify('签好了。发布以后生效。', { type: 'success' })
          }}
        />
      )}
    </Box>
  )
}

function History({ id, onClose }: { id: string; onClose(): void }) {
  return <HistoryDialog asked={useAsk('intents.history', { params: { id } })} onClose={onClose} />
}

import { useState } from 'react'
import { Alert, Button, Chip, MenuItem, Stack, TextField, Typography } from '@mui/material'
import { LinkBase, useNotify } from 'react-admin'
import { useQueryClient } from '@tanstack/react-query'
import type { Wording } from '../../../shared/content.js'
import { HistoryDialog } from '../intents/HistoryDialog.js'
import { SignDialog } from '../intents/SignDialog.js'
import { Asked } from '../layout/Asked.js'
import { Page } from '../layout/Page.js'
import { allows } from '../session.js'
import { useAsk, useCall, useMe } from '../use-api.js'
import { MessageCard } from './MessageCard.js'
import { FILE_WORDS } from './words.js'

/** The words of the system, a file at a time: each can be changed, a whole file is signed at once. */
export function WordingList() {
  const me = useMe()
  const call = useCall()
  const notify = useNotify()
  const queries = useQueryClient()
  const [file, setFile] = useState('danger')
  const [open, setOpen] = useState<'sign' | 'history' | null>(null)
  const all = useAsk('wording.list', {})
  const files = [...new Set(all.data?.items.map((each) => each.file))]
  const chosen = all.data?.items.filter((each) => each.file === file) ?? []
  const unsigned = chosen.filter(({ signed }) => signed === 'unsigned' || signed === 'lapsed').length
  return (
    <Page title="系统用语" width={900}>
      <Stack direction="row" sx={{ gap: 1.5, flexWrap: 'wrap', alignItems: 'center' }}>
        <TextField
          select
          size="small"
          label="哪一组"
          value={files.includes(file) ? file : ''}
          onChange={(event) => setFile(event.target.value)}
          sx={{ minWidth: '14rem' }}
        >
          {files.map((name) => (
            <MenuItem key={name} value={name}>
              {FILE_WORDS[name] ?? name}（{all.data?.items.filter((each) => each.file === name).length} 句）
            </MenuItem>
          ))}
        </TextField>
        {allows(me, 'wording.sign') && (
          <Button variant="outlined" disabled={chosen.length === 0} onClick={() => setOpen('sign')}>
            整组签字
          </Button>
        )}
        <Button onClick={() => setOpen('history')}>改动记录</Button>
        {chosen.some(({ changed }) => changed) && <Chip size="small" color="info" label="改了，没发布" />}
      </Stack>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        按钮由程序决定，不能改。{'{{…}}'} 由系统填，要留着。改了要签字，到“
        <LinkBase to="/release">发布</LinkBase>”里发布以后才生效。
      </Typography>
      <Asked asked={all}>
        {() => (
          <>
            <Alert severity={unsigned ? 'warning' : 'success'}>
              {unsigned ? `这一组还有 ${unsigned} 句没有有效的签字。` : '这一组都签了字。'}
            </Alert>
            <Stack component="ul" aria-label="用语" sx={{ listStyle: 'none', p: 0, m: 0, gap: 1.5 }}>
              {chosen.map((message) => (
                <MessageCard key={`${message.id}:${message.text}`} message={message} />
              ))}
            </Stack>
          </>
        )}
      </Asked>
      {open === 'history' && <History file={file} onClose={() => setOpen(null)} />}
      {open === 'sign' && (
        <SignDialog
          what={`签的是“${FILE_WORDS[file] ?? file}”这一组现在的全部 ${chosen.length} 句。`}
          onClose={() => setOpen(null)}
          onSign={async (signature) => {
            const { hash } = chosen[0] as Wording
            await call('wording.sign', { params: { file }, body: { ...signature, hash } })
            await queries.invalidateQueries({ queryKey: ['wording'] })
            notify('签好了。发布以后生效。', { type: 'success' })
          }}
        />
      )}
    </Page>
  )
}

function History({ file, onClose }: { file: string; onClose(): void }) {
  return <HistoryDialog asked={useAsk('wording.history', { params: { file } })} onClose={onClose} />
}

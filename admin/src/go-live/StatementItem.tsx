import { useState } from 'react'
import { Alert, Box, Button, Checkbox, FormControlLabel, TextField, Typography } from '@mui/material'
import { SAID, type Statement, type StatementName } from '../../../shared/go-live.js'
import { releaseName } from '../release/words.js'
import { useAct } from '../release/use-act.js'
import { allows } from '../session.js'
import { useCall, useMe } from '../use-api.js'
import { Item } from './Item.js'

const WORDS: Record<StatementName, { title: string; explains: string; confirms: string; label?: string }> = {
  operator: {
    title: '谁来办',
    explains: '写主办单位的全称。出了事，由它负责。',
    confirms: '本单位决定开办这条热线，并对它负责。',
    label: '主办单位',
  },
  adult: {
    title: '哪个大人负责',
    explains: '写一位成年负责人的姓名和职务：值班没人、有孩子出事时，找得到的人。',
    confirms: '这位负责人知道并且同意。',
    label: '姓名和职务',
  },
  notice: {
    title: '告知读过了',
    explains: '下面是孩子说话之前看到的告知。逐句读一遍，看和你们实际做的是不是一样。',
    confirms: '逐句读过，我们就是这样做的。',
  },
  key: {
    title: '密钥保管好了',
    explains:
      '密钥丢了，谁也打不开记录，没有办法补救。请管机器的人把它抄两份，放在两个地方，不和数据备份放在一起。',
    confirms: '密钥有两份，放在两个地方，不和数据备份放在一起。',
  },
}

/** What an administrator states, with name and date; it can be taken back. */
export function StatementItem({
  statement,
  notice,
}: {
  statement: Statement
  notice: { text: string[]; hash: string }
}) {
  const me = useMe()
  const call = useCall()
  const { act, busy, refusal } = useAct('go-live')
  const { name, said, holds } = statement
  const { title, explains, confirms, label } = WORDS[name]
  const [text, setText] = useState(said?.text ?? '')
  const [sure, setSure] = useState(false)
  const needsText = (SAID as readonly string[]).includes(name)
  const may = allows(me, 'go-live.state')
  const hash = name === 'notice' ? notice.hash : ''
  return (
    <Item title={title} holds={holds}>
      <Typography>{explains}</Typography>
      {name === 'notice' && (
        <Box
          component="blockquote"
          sx={{ m: 0, pl: 1.5, borderLeft: 3, borderColor: 'divider', display: 'grid', gap: 1 }}
        >
          {notice.text.map((line) => (
            <Typography key={line}>{line}</Typography>
          ))}
        </Box>
      )}
      {said && (
        <Typography variant="body2">
          {said.text && `${said.text}。`}
          {said.by.workName || '已停用的账号'}，{releaseName(said.at)} 确认。
          {!holds && '后来告知改过，要再读一遍。'}
        </Typography>
      )}
      {refusal && <Alert severity="error">{refusal}</Alert>}
      {may && !holds && (
        <Box sx={{ display: 'grid', gap: 1, justifyItems: 'start' }}>
          {needsText && (
            <TextField
              fullWidth
              size="small"
              label={label}
              value={text}
              onChange={(event) => setText(event.target.value)}
              slotProps={{ htmlInput: { maxLength: 80 } }}
            />
          )}
          <FormControlLabel
            control={<Checkbox checked={sure} onChange={(_, on) => setSure(on)} />}
            label={confirms}
          />
          <Button
            variant="outlined"
            disabled={busy || !sure || (needsText && text.trim().length < 2)}
            onClick={() =>
              void act(() => call('go-live.state', { params: { name }, body: { text, hash } }), '记下了。')
            }
          >
            确认，记下我的名字和时间
          </Button>
        </Box>
      )}
      {may && said && (
        <div>
          <Button
            size="small"
            disabled={busy}
            onClick={() => void act(() => call('go-live.withdraw', { params: { name } }), '收回了。')}
          >
            收回这一条
          </Button>
        </div>
      )}
    </Item>
  )
}

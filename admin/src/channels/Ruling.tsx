import { useState } from 'react'
import { Alert, Box, Button, Checkbox, FormControlLabel, TextField, Typography } from '@mui/material'
import { RULING_LEAST, type ChannelView } from '../../../shared/api/channels.js'
import { releaseName } from '../release/words.js'
import { useAct } from '../release/use-act.js'
import { useCall } from '../use-api.js'

/** For a network abroad: what was ruled, by whom, when. Without it the channel is off (个人信息保护法 第三十八条). */
export function Ruling({ channel: { name, ruling } }: { channel: ChannelView }) {
  const call = useCall()
  const { act, busy, refusal } = useAct('channels', 'go-live')
  const [text, setText] = useState('')
  const [sure, setSure] = useState(false)
  return (
    <Box sx={{ display: 'grid', gap: 1, justifyItems: 'start' }}>
      <Typography component="h3" sx={{ fontWeight: 700 }}>
        数据出境的合规结论
      </Typography>
      {ruling ? (
        <>
          <Typography>
            {ruling.text}。{ruling.by.workName || '已停用的账号'}，{releaseName(ruling.at)} 记下。
          </Typography>
          <Button
            size="small"
            color="warning"
            disabled={busy}
            onClick={() =>
              void act(() => call('channels.withdraw', { params: { name } }), '收回了，渠道已关。')
            }
          >
            收回，关掉这个渠道
          </Button>
        </>
      ) : (
        <>
          <Typography>
            孩子在这里写的话，会经过国外的服务器。要先做个人信息保护影响评估，有律师的书面意见，负责人签字（个人信息保护法第三十八条、第三十九条、第五十五条）。机器人的第一句话会告诉对方：话会经过国外。
          </Typography>
          <TextField
            fullWidth
            size="small"
            label="谁、哪一天、文件编号"
            value={text}
            onChange={(event) => setText(event.target.value)}
            slotProps={{ htmlInput: { maxLength: 200 } }}
          />
          <FormControlLabel
            control={<Checkbox checked={sure} onChange={(_, on) => setSure(on)} />}
            label="有签了字的书面结论：可以用这个渠道。"
          />
          <Button
            variant="outlined"
            disabled={busy || !sure || text.trim().length < RULING_LEAST}
            onClick={() =>
              void act(
                () => call('channels.rule', { params: { name }, body: { text } }),
                '记下了，渠道已打开。',
              )
            }
          >
            记下结论，打开渠道
          </Button>
        </>
      )}
      {refusal && <Alert severity="error">{refusal}</Alert>}
    </Box>
  )
}

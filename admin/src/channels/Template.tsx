import { useState } from 'react'
import { Alert, Box, Button, TextField, Typography } from '@mui/material'
import type { ChannelView } from '../../../shared/api/channels.js'
import { useAct } from '../release/use-act.js'
import { useCall } from '../use-api.js'

/** Which approved template carries a warning when the person has not written lately. */
export function Template({ channel: { name, template } }: { channel: ChannelView }) {
  const call = useCall()
  const { act, busy, refusal } = useAct('channels')
  const [text, setText] = useState(template ?? '')
  const chosen = text.trim() || null
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <Typography component="h3" sx={{ fontWeight: 700 }}>
        预警用的模板
      </Typography>
      <Typography>
        对方很久没写话，平台就不许直接发，只能用平台批过的模板。填模板编号；不填，这时候的预警就不发，报告里记“窗口关了”。
      </Typography>
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
        <TextField
          size="small"
          label="模板编号"
          value={text}
          onChange={(event) => setText(event.target.value)}
          slotProps={{ htmlInput: { maxLength: 80 } }}
          sx={{ flex: '1 1 16rem' }}
        />
        <Button
          variant="outlined"
          disabled={busy || chosen === template}
          onClick={() =>
            void act(
              () => call('channels.template', { params: { name }, body: { template: chosen } }),
              chosen ? '记下了。' : '不用模板了。',
            )
          }
        >
          保存
        </Button>
      </Box>
      {refusal && <Alert severity="error">{refusal}</Alert>}
    </Box>
  )
}

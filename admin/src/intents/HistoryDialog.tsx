import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ContentChange } from '../../../shared/content.js'
import { timeOf } from '../desk/words.js'
import { Asked } from '../layout/Asked.js'
import { FIELD_WORDS, VERB_WORDS } from './words.js'

interface HistoryDialogProps {
  asked: UseQueryResult<{ items: ContentChange[] }>
  onClose(): void
}

/** Who changed it, when, and what it said before. */
export function HistoryDialog({ asked, onClose }: HistoryDialogProps) {
  const now = new Date()
  return (
    <Dialog open onClose={onClose} aria-labelledby="history-title" fullWidth maxWidth="md">
      <DialogTitle id="history-title">改动记录（最近 20 次）</DialogTitle>
      <DialogContent>
        <Asked asked={asked}>
          {({ items }) => (
            <Box component="ol" sx={{ listStyle: 'none', p: 0, m: 0, display: 'grid', gap: 1.5 }}>
              {items.length === 0 && <Typography component="li">还没有人在管理台改过。</Typography>}
              {items.map(({ at, by, verb, fields, was }) => (
                <li key={at}>
                  <Typography sx={{ fontWeight: 700 }}>
                    {timeOf(at, now)} {by.workName || '已停用的账号'}
                    {VERB_WORDS[verb] ?? verb}
                    {fields.length > 0 && `：${fields.map((field) => FIELD_WORDS[field] ?? field).join('、')}`}
                  </Typography>
                  <details>
                    <summary>改之前的全文</summary>
                    <Box
                      component="pre"
                      tabIndex={0}
                      sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', bgcolor: 'background.default', p: 1.5, borderRadius: 1, maxHeight: 320, overflowY: 'auto' }}
                    >
                      {was}
                    </Box>
                  </details>
                </li>
              ))}
            </Box>
          )}
        </Asked>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>关上</Button>
      </DialogActions>
    </Dialog>
  )
}

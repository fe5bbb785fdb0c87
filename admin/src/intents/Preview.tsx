import { useState } from 'react'
import { Box, ToggleButton, ToggleButtonGroup, Typography } from '@mui/material'
import type { Answer, LayerName } from '../../../shared/intent.js'
import { useAsk } from '../use-api.js'
import { Bubble } from '../phone/Bubble.js'
import { Phone } from '../phone/Phone.js'
import { LAYER_WORDS } from './words.js'

/** What the phone shows of an answer while it is written: numbers filled in, bubbles cut, cards below. */
export function Preview({ answer, buttons }: { answer: Answer; buttons: readonly string[] }) {
  const [layer, setLayer] = useState<LayerName>('first')
  const lines = useAsk('lines.list', { query: { perPage: 100 } })
  const shown = answer[layer] ?? answer.first
  const filled = shown.text.replace(/\{\{hotline\.(\d+)\}\}/g, (_, number: string) => {
    const line = lines.data?.items.find(({ id }) => id === number)?.line
    return line ? `${line.number} ${line.name}` : number
  })
  const texts = filled.split(/\n\s*\n/).map((text) => text.trim())
  const cards = shown.citations
    .filter(({ law, article }) => law && article)
    .map((citation) => ({ ...citation, since: '', version: '' }))
  return (
    <Box component="figure" sx={{ m: 0 }}>
      <ToggleButtonGroup
        exclusive
        size="small"
        value={answer[layer] ? layer : 'first'}
        onChange={(_, next: LayerName | null) => next && setLayer(next)}
        aria-label="看哪一层"
        sx={{ mb: 1 }}
      >
        {(['first', 'more', 'help'] as const).map((name) => (
          <ToggleButton key={name} value={name} disabled={!answer[name]}>
            {LAYER_WORDS[name].label}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <Phone>
        {texts.map((text, i) => {
          const last = i === texts.length - 1
          return (
            <Bubble
              key={i}
              bubble={{ text, ...(last ? { citations: cards, buttons: [...buttons] } : {}) }}
            />
          )
        })}
      </Phone>
      <Typography component="figcaption" variant="body2" sx={{ color: 'text.secondary', mt: 0.5 }}>
        孩子的手机上会这样显示
      </Typography>
    </Box>
  )
}

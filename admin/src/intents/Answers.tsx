import { useState } from 'react'
import { Badge, Box, Button, Tab, Tabs, Typography } from '@mui/material'
import { Reader, type Answer, type LayerName } from '../../../shared/intent.js'
import type { Faults } from './faults.js'
import { Layer } from './Layer.js'
import { Preview } from './Preview.js'
import { READER_WORDS } from './words.js'

const LAYERS: LayerName[] = ['first', 'more', 'help']

interface AnswersProps {
  value: readonly Answer[]
  buttons: readonly string[]
  onChange(value: Answer[]): void
  faults: Faults
  readOnly: boolean
}

/** The answers, one tab a reader, beside them the phone. */
export function Answers({ value, buttons, onChange, faults, readOnly }: AnswersProps) {
  const [chosen, setChosen] = useState(0)
  const at = Math.min(chosen, value.length - 1)
  const answer = value[at]
  const missing = Reader.options.filter((reader) => !value.some((each) => each.reader === reader))
  const change = (next: Answer) => onChange(value.map((each, i) => (i === at ? next : each)))
  const add = (reader: Reader) => {
    onChange([...value, { reader, first: { text: '', citations: [] } }])
    setChosen(value.length)
  }
  const remove = () => {
    onChange(value.filter((_, i) => i !== at))
    setChosen(0)
  }

  return (
    <Box component="section" aria-labelledby="answers-title">
      <Typography component="h2" variant="h6" id="answers-title">
        回答
      </Typography>
      {faults.at('answers') && (
        <Typography role="alert" sx={{ color: 'error.main' }}>
          {faults.at('answers')}
        </Typography>
      )}
      <Tabs value={at} onChange={(_, next: number) => setChosen(next)} variant="scrollable" aria-label="写给谁">
        {value.map(({ reader }, i) => (
          <Tab
            key={reader}
            id={`reader-${reader}`}
            aria-controls="reader-panel"
            label={
              <Badge color="error" badgeContent={faults.below(`answers.${i}`)} sx={{ px: 1 }}>
                {READER_WORDS[reader]}
              </Badge>
            }
          />
        ))}
      </Tabs>
      {!readOnly &&
        missing.map((reader) => (
          <Button key={reader} size="small" onClick={() => add(reader)}>
            加一份{READER_WORDS[reader]}的
          </Button>
        ))}
      {answer && (
        <Box
          role="tabpanel"
          id="reader-panel"
          aria-labelledby={`reader-${answer.reader}`}
          sx={{ display: 'grid', gap: 3, gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1fr) 300px' }, mt: 2, alignItems: 'start' }}
        >
          <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: 'minmax(0, 1fr)' }}>
            {LAYERS.map((name) => (
              <Layer
                key={name}
                name={name}
                field={`answers.${at}`}
                value={answer[name]}
                onChange={(layer) => change({ ...answer, [name]: layer } as Answer)}
                faults={faults}
                readOnly={readOnly}
              />
            ))}
            {answer.reader !== 'young' && !readOnly && (
              <Box>
                <Button color="error" onClick={remove}>
                  去掉整份{READER_WORDS[answer.reader]}的回答
                </Button>
              </Box>
            )}
          </Box>
          <Box sx={{ position: { lg: 'sticky' }, top: 16 }}>
            <Preview answer={answer} buttons={buttons} />
          </Box>
        </Box>
      )}
    </Box>
  )
}

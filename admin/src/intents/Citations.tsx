import { Autocomplete, Box, Button, IconButton, Stack, TextField, Typography } from '@mui/material'
import Add from '@mui/icons-material/Add'
import Delete from '@mui/icons-material/DeleteOutlined'
import type { StatuteRow } from '../../../shared/content.js'
import type { Citation } from '../../../shared/intent.js'
import { useAsk } from '../use-api.js'
import { articleOf } from './article.js'
import type { Faults } from './faults.js'

const MOST = 4
const NEW: Citation = { law: '', article: '', plain: '' }

interface CitationsProps {
  /** `answers.0.first.citations` */
  field: string
  value: readonly Citation[]
  onChange(value: Citation[]): void
  faults: Faults
  readOnly: boolean
}

/** The articles a layer stands on: picked from the statutes in force, shown as the card will name them. */
export function Citations({ field, value, onChange, faults, readOnly }: CitationsProps) {
  const asked = useAsk('statutes.list', {})
  const statutes = asked.data?.items ?? []
  const change = (at: number, next: Partial<Citation>) =>
    onChange(value.map((each, i) => (i === at ? { ...each, ...next } : each)))
  return (
    <Box role="group" aria-label="法条">
      <Typography variant="body2" sx={{ fontWeight: 700 }}>
        法条（最多 {MOST} 条）
      </Typography>
      {faults.at(field) && (
        <Typography variant="body2" role="alert" sx={{ color: 'error.main' }}>
          {faults.at(field)}
        </Typography>
      )}
      <Stack component="ul" sx={{ listStyle: 'none', p: 0, m: 0, gap: 1.5, mt: 1 }}>
        {value.map((citation, i) => (
          <Box component="li" key={i}>
            <Box sx={{ display: 'grid', gap: 1, gridTemplateColumns: 'minmax(0, 1fr) 11rem auto' }}>
              <Autocomplete
                freeSolo
                size="small"
                disabled={readOnly}
                options={statutes.map(({ name }) => name)}
                inputValue={citation.law}
                onInputChange={(_, law) => change(i, { law })}
                renderInput={(params) => (
                  <TextField {...params} label="法律" error={faults.below(`${field}.${i}.law`) > 0} />
                )}
              />
              <TextField
                size="small"
                label="第几条"
                placeholder="39"
                disabled={readOnly}
                value={citation.article}
                onChange={(event) => change(i, { article: event.target.value })}
                onBlur={() => change(i, { article: articleOf(citation.article) })}
                error={faults.at(`${field}.${i}.article`) !== ''}
                helperText={faults.at(`${field}.${i}.article`)}
              />
              {!readOnly && (
                <IconButton
                  aria-label={`删掉法条 ${citation.law}${citation.article}`}
                  onClick={() => onChange(value.filter((_, at) => at !== i))}
                >
                  <Delete />
                </IconButton>
              )}
              <TextField
                size="small"
                multiline
                sx={{ gridColumn: '1 / -1' }}
                label="用白话说，它讲什么"
                disabled={readOnly}
                value={citation.plain}
                onChange={(event) => change(i, { plain: event.target.value })}
                error={faults.at(`${field}.${i}.plain`) !== ''}
                helperText={faults.at(`${field}.${i}.plain`) || `${citation.plain.trim().length} / 80`}
              />
            </Box>
            <Typography variant="body2" sx={{ color: 'text.secondary' }}>
              {named(citation, statutes)}
            </Typography>
          </Box>
        ))}
      </Stack>
      {!readOnly && value.length < MOST && (
        <Button size="small" startIcon={<Add />} onClick={() => onChange([...value, NEW])} sx={{ mt: 1 }}>
          加一条法条
        </Button>
      )}
    </Box>
  )
}

/** As the card will name it; or which articles there are. */
function named({ law, article }: Citation, statutes: readonly StatuteRow[]): string {
  const statute = statutes.find(({ name, aliases }) => name === law || aliases.includes(law))
  if (!law) return '选一部法，再写第几条：写 39 就行。'
  if (!statute) return '这部法不在清单里，或者今天没有生效。'
  const inserted = statute.sub.length ? `，另有 ${statute.sub.slice(0, 3).join('、')}${statute.sub.length > 3 ? '等' : ''}` : ''
  return article
    ? `《${statute.title}》${article}，${statute.effective} 起施行（${statute.version} 的版本）`
    : `《${statute.title}》，一共 ${statute.articles} 条${inserted}`
}

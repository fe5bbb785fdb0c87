import { useEffect } from 'react'
import { Alert, Box, Button, Card, Chip, Stack, Typography } from '@mui/material'
import { LinkBase, useLocation, useParams } from 'react-admin'
import type { ReplyOf } from '../call.js'
import { Asked } from '../layout/Asked.js'
import { Page } from '../layout/Page.js'
import { useAsk } from '../use-api.js'
import { ArticleText } from './ArticleText.js'
import { Comparison } from './Comparison.js'
import { datesOf, lawPath } from './words.js'

/** A statute: its versions, its articles with the answers that cite them, or two versions side by side. */
export function LawPage() {
  const id = useParams().id ?? ''
  const query = new URLSearchParams(useLocation().search)
  const version = query.get('version') ?? undefined
  const asked = useAsk('laws.one', { params: { id }, query: { version } })
  return (
    <Page title="法律原文" width={1200}>
      <Asked asked={asked}>
        {(one) => <Statute one={one} article={query.get('article')} against={query.get('against')} />}
      </Asked>
    </Page>
  )
}

interface StatuteProps {
  one: ReplyOf<'laws.one'>
  article: string | null
  against: string | null
}

function Statute({ one, article, against }: StatuteProps) {
  const { law, ends, inForce, code, versions, cited } = one
  useEffect(() => {
    if (article) document.getElementById(article)?.scrollIntoView()
  }, [article])
  return (
    <>
      <Typography component="h2" variant="h5">
        {law.title}
      </Typography>
      <Typography sx={{ color: 'text.secondary' }}>
        {datesOf({ ...law, until: ends })} · {law.articles.length} 条 · 来源：{law.source}
      </Typography>
      {!inForce && <Alert severity="warning">这个版本今天不适用。</Alert>}
      {versions.length > 1 && (
        <Stack direction="row" useFlexGap sx={{ gap: 1, flexWrap: 'wrap', alignItems: 'center' }}>
          {versions.map((each) => (
            <Button
              key={each.version}
              size="small"
              variant={each.version === law.version ? 'contained' : 'outlined'}
              component={LinkBase}
              to={lawPath(code, { version: each.version })}
            >
              {each.version} 版{each.inForce ? '（现行）' : ''}
            </Button>
          ))}
          {versions
            .filter(({ version }) => version < law.version)
            .map(({ version }) => (
              <Button
                key={version}
                size="small"
                component={LinkBase}
                to={`${lawPath(code, { version: law.version })}&against=${version}`}
              >
                和 {version} 版对照
              </Button>
            ))}
        </Stack>
      )}
      {against ? (
        <Comparison code={code} from={against} to={law.version} />
      ) : (
        law.articles.map(({ number, under, paragraphs }, i) => (
          <Box key={number} id={number} sx={{ scrollMarginTop: '5rem' }}>
            {under.join() !== law.articles[i - 1]?.under.join() && (
              <Typography component="h3" sx={{ fontWeight: 700, mt: 2, mb: 1 }}>
                {under.join(' › ')}
              </Typography>
            )}
            <Card
              variant="outlined"
              sx={{ p: 2, ...(number === article && { borderColor: 'primary.main' }) }}
            >
              <Typography component="h4" sx={{ fontWeight: 700 }}>
                {number}
              </Typography>
              <ArticleText paragraphs={paragraphs} />
              <CitedBy places={cited.filter((each) => each.article === number)} />
            </Card>
          </Box>
        ))
      )}
    </>
  )
}

/** The topics whose answers cite an article. */
function CitedBy({ places }: { places: ReplyOf<'laws.one'>['cited'] }) {
  const topics = new Map(places.map(({ intent, title }) => [intent, title]))
  if (topics.size === 0) return null
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.5, alignItems: 'center' }}>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        这些话题引用它：
      </Typography>
      {[...topics].map(([intent, title]) => (
        <Chip key={intent} size="small" variant="outlined" label={title} />
      ))}
    </Box>
  )
}

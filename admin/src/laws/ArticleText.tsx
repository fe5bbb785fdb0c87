import { Box, Typography } from '@mui/material'
import type { Paragraph } from '../../../shared/law.js'

/** An article's own words: paragraphs, items below them. */
export function ArticleText({ paragraphs }: { paragraphs: readonly Paragraph[] }) {
  return (
    <>
      {paragraphs.map(({ text, items }, i) => (
        <Box key={i} sx={{ mb: 1 }}>
          <Typography>{text}</Typography>
          {items.map((item, k) => (
            <Typography key={k} sx={{ pl: 3, whiteSpace: 'pre-line' }}>
              {item}
            </Typography>
          ))}
        </Box>
      ))}
    </>
  )
}

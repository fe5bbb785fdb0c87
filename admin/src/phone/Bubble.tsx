import { Box, Typography } from '@mui/material'
import type { Bubble as BubbleOf } from '../../../shared/message.js'

/** A bubble as the page of a young person draws it: words, cards of law, lines, buttons. */
export function Bubble({ bubble }: { bubble: BubbleOf }) {
  const { text, citations = [], lines = [], buttons = [] } = bubble
  return (
    <Box sx={{ display: 'grid', gap: 0.75, mb: 1 }}>
      <Box
        sx={{
          bgcolor: 'background.paper',
          border: 1,
          borderColor: 'divider',
          borderRadius: '4px 16px 16px 16px',
          p: 1.25,
          width: 'fit-content',
          maxWidth: '95%',
          whiteSpace: 'pre-wrap',
          overflowWrap: 'anywhere',
        }}
      >
        {text}
        {citations.map(({ law, article, plain, since }) => (
          <Box key={`${law}${article}`} sx={{ borderLeft: 3, borderColor: 'primary.main', pl: 1, mt: 1 }}>
            <Typography variant="body2" sx={{ fontWeight: 700 }}>
              《{law}》{article}
            </Typography>
            <Typography variant="body2">{plain}</Typography>
            {since && (
              <Typography variant="caption" sx={{ color: 'text.secondary' }}>
                {since} 起施行
              </Typography>
            )}
          </Box>
        ))}
        {lines.map(({ number, name }) => (
          <Typography key={number} variant="body2" sx={{ mt: 0.5 }}>
            ☎ {number} {name}
          </Typography>
        ))}
      </Box>
      {buttons.length > 0 && (
        <Box sx={{ display: 'flex', gap: 0.5, flexWrap: 'wrap' }}>
          {buttons.map((label) => (
            <Box
              key={label}
              sx={{
                border: 1,
                borderColor: 'primary.main',
                borderRadius: 4,
                px: 1.25,
                py: 0.25,
                fontSize: '0.9rem',
              }}
            >
              {label}
            </Box>
          ))}
        </Box>
      )}
    </Box>
  )
}

import { Box, Typography } from '@mui/material'
import { PUSH_MAX } from '../../../shared/campaign.js'

/** The bubble on a phone of the smallest usual width, as the young person will see it. */
export function PhonePreview({ text, count }: { text: string; count?: number }) {
  const over = count !== undefined && count > PUSH_MAX
  return (
    <Box component="figure" sx={{ m: 0, width: '100%', maxWidth: 340 }}>
      <Box
        sx={{
          border: '10px solid',
          borderColor: 'text.primary',
          borderRadius: 5,
          bgcolor: 'background.default',
          p: 1.5,
          minHeight: 260,
        }}
      >
        <Typography variant="body2" sx={{ textAlign: 'center', color: 'text.secondary', mb: 1.5 }}>
          青安
        </Typography>
        <Box
          sx={{
            bgcolor: 'background.paper',
            border: 1,
            borderColor: 'divider',
            borderRadius: '4px 16px 16px 16px',
            p: 1.5,
            width: 'fit-content',
            maxWidth: '95%',
            whiteSpace: 'pre-wrap',
            overflowWrap: 'anywhere',
          }}
        >
          {text}
        </Box>
      </Box>
      <Typography
        component="figcaption"
        variant="body2"
        sx={{ mt: 1, color: over ? 'error.main' : 'text.secondary' }}
      >
        孩子的手机上会这样显示
        {count !== undefined && `；正文 ${count} 个字，最多 ${PUSH_MAX} 个`}
      </Typography>
    </Box>
  )
}

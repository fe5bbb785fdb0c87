import { Box, Typography } from '@mui/material'
import { PUSH_MAX } from '../../../shared/campaign.js'
import { Bubble } from '../phone/Bubble.js'
import { Phone } from '../phone/Phone.js'

/** A warning on a phone, as the young person will see it. */
export function PhonePreview({ text, count }: { text: string; count?: number }) {
  const over = count !== undefined && count > PUSH_MAX
  return (
    <Box component="figure" sx={{ m: 0, width: '100%', maxWidth: 340 }}>
      <Phone>
        <Typography variant="body2" sx={{ textAlign: 'center', color: 'text.secondary', mb: 1.5 }}>
          青安
        </Typography>
        <Bubble bubble={{ text }} />
      </Phone>
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

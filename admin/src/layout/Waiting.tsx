import { Box, CircularProgress, Typography } from '@mui/material'

/** Something is being fetched: there for a screen reader at once, for the eye after a second, so that a quick answer does not flicker. */
export const Waiting = () => (
  <Box
    role="status"
    className="waiting"
    sx={{
      display: 'grid',
      justifyItems: 'center',
      gap: 2,
      py: 8,
      '@keyframes appear': { from: { opacity: 0 }, to: { opacity: 0 } },
      '& > *': { animation: 'appear 1s' },
    }}
  >
    <CircularProgress aria-hidden />
    <Typography color="textSecondary">正在打开，请稍等</Typography>
  </Box>
)

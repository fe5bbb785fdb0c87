import { useState } from 'react'
import { Box, Button, Drawer, Typography } from '@mui/material'
import Gavel from '@mui/icons-material/Gavel'
import { LawSearch } from './LawSearch.js'

/** Looking an article up beside a conversation, without leaving it. */
export function LawDrawer() {
  const [open, setOpen] = useState(false)
  return (
    <Box sx={{ display: 'flex', justifyContent: 'flex-end' }}>
      <Button size="small" startIcon={<Gavel />} onClick={() => setOpen(true)}>
        查法条
      </Button>
      <Drawer anchor="right" open={open} onClose={() => setOpen(false)} aria-label="查法条">
        <Box sx={{ width: { xs: '100vw', sm: 420 }, p: 2, display: 'flex', flexDirection: 'column', gap: 2 }}>
          <Box sx={{ display: 'flex', justifyContent: 'space-between', alignItems: 'center' }}>
            <Typography component="h2" variant="h6">
              查法条
            </Typography>
            <Button onClick={() => setOpen(false)}>关上</Button>
          </Box>
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            只找条文原文，给你自己参考。不要把对方的名字写进来。
          </Typography>
          <LawSearch />
        </Box>
      </Drawer>
    </Box>
  )
}

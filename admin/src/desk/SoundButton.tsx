import { useEffect, useSyncExternalStore } from 'react'
import { Box, Button, IconButton, Tooltip } from '@mui/material'
import VolumeOff from '@mui/icons-material/VolumeOff'
import VolumeUp from '@mui/icons-material/VolumeUp'
import { enableSound, onSoundChange, play, soundIsOn } from './sound.js'

/** Says when the browser keeps the alarm silent. Any first click or key turns it on; this one also plays it. */
export function SoundButton() {
  const on = useSyncExternalStore(onSoundChange, soundIsOn)
  useEffect(() => {
    const gesture = () => void enableSound()
    window.addEventListener('pointerdown', gesture)
    window.addEventListener('keydown', gesture)
    return () => {
      window.removeEventListener('pointerdown', gesture)
      window.removeEventListener('keydown', gesture)
    }
  }, [])
  const test = () => void enableSound().then(() => play('soft'))

  if (on)
    return (
      <Tooltip title="提醒的声音开着，点一下试听">
        <IconButton color="inherit" aria-label="提醒的声音开着，点一下试听" onClick={test}>
          <VolumeUp />
        </IconButton>
      </Tooltip>
    )
  return (
    <Tooltip title="浏览器还没让这一页出声。点一下打开">
      <Button
        color="warning"
        variant="outlined"
        size="small"
        aria-label="声音没开，点一下打开"
        onClick={test}
        sx={{ minWidth: 0, flexShrink: 0, gap: 0.5 }}
      >
        <VolumeOff />
        <Box component="span" sx={{ display: { xs: 'none', sm: 'inline' } }}>
          声音没开
        </Box>
      </Button>
    </Tooltip>
  )
}

import { useEffect, useSyncExternalStore } from 'react'
import { Box, Button, Tooltip } from '@mui/material'
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

  const label = on ? '提醒的声音开着，点一下试听' : '声音没开，点一下打开'
  // Pressing turns the sound on and changes the picture. Letting go must still find what was pressed, or no trial is
  // played: the button stays the same one, as wide as before, and pictures are not pressed themselves.
  return (
    <Tooltip title={on ? label : '浏览器还没让这一页出声。点一下打开'}>
      <Button
        color={on ? 'inherit' : 'warning'}
        variant={on ? 'text' : 'outlined'}
        size="small"
        aria-label={label}
        onClick={test}
        sx={{ minWidth: 0, flexShrink: 0, gap: 0.5, '& *': { pointerEvents: 'none' } }}
      >
        {on ? <VolumeUp /> : <VolumeOff />}
        <Box component="span" sx={{ display: { xs: 'none', sm: 'inline' } }}>
          {on ? '声音开着' : '声音没开'}
        </Box>
      </Button>
    </Tooltip>
  )
}

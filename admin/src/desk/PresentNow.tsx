import { Typography } from '@mui/material'
import { useAsk } from '../use-api.js'

/** Who is on duty with an open console at this moment: only then does the bot say that a human can come. */
export function PresentNow() {
  const { data } = useAsk('desk.presence', {})
  if (!data) return null
  const names = data.present.map(({ workName }) => workName).join('、')
  return (
    <Typography sx={{ color: 'text.secondary' }}>
      {names ? `在线值班：${names}` : '没有人在线值班。机器人不会说有真人会来。'}
    </Typography>
  )
}

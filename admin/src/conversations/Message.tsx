import { Box, Typography } from '@mui/material'
import Robot from '@mui/icons-material/SmartToyOutlined'
import Face from '@mui/icons-material/PersonOutlined'
import Headset from '@mui/icons-material/HeadsetMic'
import Info from '@mui/icons-material/InfoOutlined'
import type { Transit } from '../../../shared/channel.js'
import type { DeskMessage } from '../../../shared/desk.js'
import { LevelBadge } from '../desk/Badge.js'
import { timeOf } from '../desk/words.js'
import { EVENT_WORDS, TRANSIT_WORDS, UNDELIVERED_WORDS, UNREADABLE_WORDS } from './words.js'
import { segmentsOf } from './evidence.js'

const SPEAKERS = {
  person: { name: '对方', icon: Face, side: 'flex-start', ground: 'background.paper' },
  bot: { name: 'AI（机器）', icon: Robot, side: 'flex-end', ground: 'action.hover' },
  counselor: { name: '真人', icon: Headset, side: 'flex-end', ground: 'action.selected' },
  system: { name: '系统', icon: Info, side: 'center', ground: 'transparent' },
} as const

/** Who said what, when; the danger the machine saw is marked in the text itself. */
export function Message({ message, now }: { message: DeskMessage; now: Date }) {
  const { from, staff, name, at, text, level, evidence, lines, citations } = message
  const { unreadable, event, transit } = message
  const { icon: Icon, side, ground, name: speaker } = SPEAKERS[from]
  const who = from === 'counselor' ? `${staff?.workName ?? name ?? ''}（真人）` : speaker
  return (
    <Box component="li" sx={{ alignSelf: side, maxWidth: 'min(44rem, 92%)', minWidth: 0 }}>
      <Box
        sx={{
          display: 'flex',
          gap: 1,
          alignItems: 'center',
          flexWrap: 'wrap',
          color: 'text.secondary',
          mb: 0.25,
        }}
      >
        <Icon fontSize="small" aria-hidden />
        <Typography component="span" sx={{ fontWeight: 700, color: 'text.primary', fontSize: '0.9rem' }}>
          {who}
        </Typography>
        <Typography component="time" dateTime={at} sx={{ fontSize: '0.85rem' }}>
          {timeOf(at, now)}
        </Typography>
        {from === 'person' && <LevelBadge level={level} />}
        {unreadable && (
          <Typography component="strong" sx={{ fontSize: '0.85rem', color: 'text.primary' }}>
            ⚠ {UNREADABLE_WORDS[unreadable]}，机器看不懂，请你来读
          </Typography>
        )}
        {event && (
          <Typography component="span" sx={{ fontSize: '0.85rem' }}>
            {EVENT_WORDS[event]}
          </Typography>
        )}
        {transit && <Way transit={transit} />}
      </Box>
      <Box
        sx={{
          bgcolor: ground,
          border: 1,
          borderColor: from === 'counselor' ? 'primary.main' : 'divider',
          borderStyle: from === 'system' ? 'dashed' : 'solid',
          borderRadius: 2,
          px: 1.5,
          py: 1,
          whiteSpace: 'pre-wrap',
          overflowWrap: 'anywhere',
        }}
      >
        {segmentsOf(text, evidence).map((segment, index) =>
          segment.marked ? <Mark key={index}>{segment.text}</Mark> : <span key={index}>{segment.text}</span>,
        )}
        {text === '' && <em>（{event ? EVENT_WORDS[event] : '没有文字'}）</em>}
        {citations && citations.length > 0 && (
          <Aside>引用：{citations.map(({ law, article }) => `《${law}》${article}`).join('；')}</Aside>
        )}
        {lines && lines.length > 0 && (
          <Aside>给出的电话：{lines.map(({ number, name }) => `${number} ${name}`).join('；')}</Aside>
        )}
      </Box>
    </Box>
  )
}

/** Whether it has reached the person, where a network has to take it. */
function Way({ transit: { state, why, doubled } }: { transit: Transit }) {
  const failed = state === 'undelivered'
  return (
    <Typography
      component={failed ? 'strong' : 'span'}
      sx={{ fontSize: '0.85rem', color: failed ? 'error.main' : 'text.secondary' }}
    >
      {failed ? `⚠ 没送到：${why ? UNDELIVERED_WORDS[why] : ''}` : TRANSIT_WORDS[state]}
      {doubled && '（可能到了两次）'}
    </Typography>
  )
}

const Aside = ({ children }: { children: React.ReactNode }) => (
  <Typography component="p" variant="body2" sx={{ color: 'text.secondary', mt: 1 }}>
    {children}
  </Typography>
)

/** Evidence: dark on yellow in both themes, underlined, and named for screen readers. */
const Mark = ({ children }: { children: string }) => (
  <Box
    component="mark"
    title="机器认为这里有危险"
    sx={{
      bgcolor: '#ffe082',
      color: '#2a1a00',
      borderRadius: '3px',
      px: '2px',
      textDecoration: 'underline',
      textDecorationThickness: '2px',
      '&::before, &::after': { position: 'absolute', clipPath: 'inset(50%)', whiteSpace: 'nowrap' },
      '&::before': { content: '"（危险的话：）"' },
      '&::after': { content: '"（到这里）"' },
    }}
  >
    {children}
  </Box>
)

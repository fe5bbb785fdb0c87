import type { ReactNode } from 'react'
import { Box } from '@mui/material'
import Campaign from '@mui/icons-material/Campaign'
import ErrorOutline from '@mui/icons-material/ErrorOutlined'
import HelpOutline from '@mui/icons-material/HelpOutlined'
import Gavel from '@mui/icons-material/Gavel'
import Forum from '@mui/icons-material/Forum'
import PriorityHigh from '@mui/icons-material/PriorityHigh'
import RemoveRedEye from '@mui/icons-material/RemoveRedEye'
import type { Grade } from '../../../shared/desk.js'
import type { RiskLevel } from '../../../shared/risk.js'
import { GRADE_WORDS, LEVEL_WORDS } from './words.js'

/** White on each of these keeps 4.5 to 1, in the light and in the dark. */
const COLOURS: Record<Grade | 'watch', string> = {
  attempt: '#8c0d1f',
  urgent: '#c0341d',
  report: '#6b3fa0',
  asked: '#1f5f99',
  fault: '#5a6360',
  watch: '#8a5a00',
}
const ICONS: Record<Grade, typeof Campaign> = {
  attempt: Campaign,
  urgent: PriorityHigh,
  report: Gavel,
  asked: Forum,
  fault: HelpOutline,
}

/** A word on a ground of its own, with an icon: never told by colour alone. */
function Badge({ colour, icon, children }: { colour: string; icon: ReactNode; children: ReactNode }) {
  return (
    <Box
      component="span"
      sx={{
        display: 'inline-flex',
        alignItems: 'center',
        gap: 0.5,
        px: 1,
        py: '2px',
        borderRadius: 1,
        bgcolor: colour,
        color: '#fff',
        fontWeight: 700,
        fontSize: '0.9rem',
        whiteSpace: 'nowrap',
        '& svg': { fontSize: '1.1rem' },
      }}
    >
      {icon}
      {children}
    </Box>
  )
}

export function GradeBadge({ grade }: { grade: Grade }) {
  const Icon = ICONS[grade]
  return (
    <Badge colour={COLOURS[grade]} icon={<Icon aria-hidden />}>
      {GRADE_WORDS[grade].label}
    </Badge>
  )
}

export const gradeColour = (grade: Grade): string => COLOURS[grade]

/** The level of a message; one without danger has no badge. */
export function LevelBadge({ level }: { level: RiskLevel }) {
  if (level === 'none') return null
  const Icon = level === 'urgent' ? ErrorOutline : RemoveRedEye
  return (
    <Badge colour={COLOURS[level]} icon={<Icon aria-hidden />}>
      {LEVEL_WORDS[level]}
    </Badge>
  )
}

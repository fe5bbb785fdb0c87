import { Chip, type ChipProps } from '@mui/material'
import type { CampaignState } from '../../../shared/campaign.js'
import { STATE_WORDS } from './words.js'

const LOOKS: Record<CampaignState, Pick<ChipProps, 'color' | 'variant'>> = {
  draft: { color: 'default', variant: 'outlined' },
  submitted: { color: 'warning', variant: 'filled' },
  approved: { color: 'primary', variant: 'filled' },
  running: { color: 'success', variant: 'filled' },
  paused: { color: 'default', variant: 'filled' },
  done: { color: 'default', variant: 'outlined' },
  stopped: { color: 'default', variant: 'outlined' },
}

/** Where a warning stands, a word first. */
export const StateChip = ({ state }: { state: CampaignState }) => (
  <Chip size="small" label={STATE_WORDS[state].label} {...LOOKS[state]} />
)

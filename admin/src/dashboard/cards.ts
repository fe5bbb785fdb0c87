import type { ComponentType } from 'react'
import type { RouteName } from '../call.js'
import { CampaignsCard } from '../campaigns/CampaignsCard.js'
import { GoLiveTile } from '../go-live/GoLiveTile.js'
import { ContentTile } from '../release/ContentTile.js'
import { AccountsCard } from '../staff/AccountsCard.js'
import { MineCard } from '../desk/MineCard.js'
import { WaitingCard } from '../desk/WaitingCard.js'

/** The cards of the first page in their order; each is shown to whoever may ask the route it needs. */
export const CARDS: readonly { name: string; needs: RouteName; card: ComponentType }[] = [
  { name: 'waiting', needs: 'escalations.list', card: WaitingCard },
  { name: 'mine', needs: 'conversations.list', card: MineCard },
  { name: 'campaigns', needs: 'campaigns.list', card: CampaignsCard },
  { name: 'content', needs: 'release.view', card: ContentTile },
  { name: 'go-live', needs: 'go-live.view', card: GoLiveTile },
  { name: 'accounts', needs: 'staff.list', card: AccountsCard },
]

import type { ReactNode } from 'react'
import { Alert, Button, Card, CardActions, CardContent, Skeleton, Typography } from '@mui/material'
import { LinkBase } from 'react-admin'
import { messageOf } from '../call.js'

interface TileProps {
  title: string
  /** Where one goes from here. */
  to: string
  go: string
  /** The query behind it. */
  asked: { isPending: boolean; isError: boolean; error: unknown }
  children: ReactNode
}

/** A card of the first page: what it is, the figures, the way on. */
export const Tile = ({ title, to, go, asked, children }: TileProps) => (
  <Card variant="outlined">
    <CardContent>
      <Typography component="h3" variant="h6" sx={{ mb: 1 }}>
        {title}
      </Typography>
      {asked.isPending ? (
        <Skeleton height={80} />
      ) : asked.isError ? (
        <Alert severity="error">{messageOf(asked.error)}</Alert>
      ) : (
        children
      )}
    </CardContent>
    <CardActions>
      <Button component={LinkBase} to={to}>
        {go}
      </Button>
    </CardActions>
  </Card>
)

import { Pagination } from '@mui/material'

interface PagerProps {
  total: number | undefined
  perPage: number
  page: number
  onPage(page: number): void
}

/** From page to page of a list, where there is more than one. */
export function Pager({ total = 0, perPage, page, onPage }: PagerProps) {
  const count = Math.ceil(total / perPage)
  return count > 1 ? <Pagination count={count} page={page} onChange={(_, next) => onPage(next)} /> : null
}

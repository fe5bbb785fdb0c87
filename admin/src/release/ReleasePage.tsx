import { Asked } from '../layout/Asked.js'
import { Page } from '../layout/Page.js'
import { useAsk } from '../use-api.js'
import { CandidateCard } from './CandidateCard.js'
import { ChangesCard } from './ChangesCard.js'
import { ConflictsCard } from './ConflictsCard.js'
import { ReleasesCard } from './ReleasesCard.js'

/** How often it is looked at besides what the server tells: a maker that died tells nothing. Milliseconds. */
const LOOK_MS = 15_000

/** What was changed, the candidate with its figures, what was live before. */
export function ReleasePage() {
  const asked = useAsk('release.view', {}, { refetchInterval: LOOK_MS })
  return (
    <Page title="发布" width={1000}>
      <ConflictsCard />
      <Asked asked={asked}>
        {(view) => (
          <>
            <ChangesCard view={view} />
            {view.candidate && <CandidateCard candidate={view.candidate} />}
            <ReleasesCard releases={view.releases} />
          </>
        )}
      </Asked>
    </Page>
  )
}

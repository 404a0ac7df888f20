import { queryOptions } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { examine, pauseAfter, type Finding, type Verdict } from '@/receipt/examine'
import { publicLog } from '@/receipt/publicLog'
import type { Manifest } from '@/receipt/crypto/manifest'
import { fileOf, keepProof, type Receipt } from './receipt'

/** Nothing that another answer could change. */
const settled: readonly Verdict[] = ['logged', 'untrue', 'rewritten', 'personal']

/**
 * What became of a receipt's ballot: checked by this page at every visit, and asked for again, ever more seldom, while the page is looked at
 * and the ballot waits for its batch. A proof that holds is kept with the receipt.
 */
export const findingQuery = (manifest: Manifest, receipt: Receipt) =>
  queryOptions({
    queryKey: keys.receipt(manifest.round, receipt.commit, receipt.promise),
    queryFn: async (): Promise<Finding> => {
      const finding = await examine(fileOf(manifest, receipt), manifest, publicLog(manifest.round))
      // Another ballot's receipt under this number, however true, proves nothing of this one.
      if (finding.proven && finding.proven.promised.commit !== receipt.commit)
        return { verdict: 'untrue', file: finding.file, flaw: 'promise' }
      if (finding.verdict === 'logged') keepProof(manifest.round, receipt.commit, finding.file)
      return finding
    },
    staleTime: 30_000,
    retry: false,
    refetchInterval: ({ state: { data, dataUpdateCount } }) =>
      data && !settled.includes(data.verdict) ? pauseAfter(dataUpdateCount) * 1000 : false,
  })

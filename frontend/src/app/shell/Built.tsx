import { lazy } from 'react'
import { useLocation, useParams } from '@/lib/router'
import AreaOfCity from '@/resident/area/Area'
import Catalogue from '@/resident/catalogue/Catalogue'
import Deliveries from '@/resident/delivery/Deliveries'
import Delivery from '@/resident/delivery/Delivery'
import Fund from '@/resident/ledger/Fund'
import Ledger from '@/resident/ledger/Ledger'

const Statistics = lazy(() => import('@/resident/statistics/Statistics'))
const Press = lazy(() => import('@/resident/statistics/Press'))

/** The pages of what is built, what it costs and what of it all is open data: they come together, so that the first page knows of one file more, and not of four. */
export default function Built() {
  const { round, project, area } = useParams()
  const { pathname } = useLocation()
  if (project) return <Delivery />
  if (area) return <AreaOfCity />
  if (pathname.endsWith('/statistics')) return <Statistics />
  if (pathname.endsWith('/press')) return <Press />
  if (round) return <Ledger />
  if (pathname.endsWith('/data')) return <Catalogue />
  return pathname.endsWith('/fund') ? <Fund /> : <Deliveries />
}

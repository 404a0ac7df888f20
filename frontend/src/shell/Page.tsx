import type { ReactNode } from 'react'
import { Breadcrumb } from '@/hds'
import type { Crumb } from '@/hds/Breadcrumb'
import { Title } from './Title'

/** An ordinary page: the way back, the heading, the content. */
export function Page({ title, above, lead, children }: { title: string; above?: Crumb[]; lead?: ReactNode; children: ReactNode }) {
  return (
    <div className="hds-container page">
      {above && <Breadcrumb above={above} here={title} />}
      <div className="stack page-head">
        <Title>{title}</Title>
        {lead && <div className="lead">{lead}</div>}
      </div>
      {children}
    </div>
  )
}

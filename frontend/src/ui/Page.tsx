import type { ReactNode } from 'react'
import { Breadcrumb } from './hds'
import type { Crumb } from './hds/Breadcrumb'
import { Title } from './Title'

/** An ordinary page: the way back, the heading, the content. Lang is the title's, where it is not the page's own. */
export function Page({
  title,
  lang,
  above,
  lead,
  children,
}: {
  title: string
  lang?: string
  above?: Crumb[]
  lead?: ReactNode
  children: ReactNode
}) {
  return (
    <div className="hds-container page">
      {above && <Breadcrumb above={above} here={title} lang={lang} />}
      <div className="stack page-head">
        <Title lang={lang}>{title}</Title>
        {lead && <div className="lead">{lead}</div>}
      </div>
      {children}
    </div>
  )
}

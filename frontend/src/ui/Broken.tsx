import { Component, type ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button } from './hds'
import { Title } from './Title'

interface Props {
  /** Another page gets a fresh try. */
  page: string
  children: ReactNode
}

/** Catches what a page throws while it is drawn (also a part that could not be loaded), and keeps the frame standing. */
export class Broken extends Component<Props, { broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError() {
    return { broken: true }
  }

  override componentDidUpdate(before: Props) {
    if (this.state.broken && before.page !== this.props.page) this.setState({ broken: false })
  }

  override render() {
    return this.state.broken ? <BrokenPage /> : this.props.children
  }
}

function BrokenPage() {
  const { t } = useTranslation()
  return (
    <div className="hds-container page stack">
      <Title>{t('broken.title')}</Title>
      <p className="lead">{t('broken.text')}</p>
      <div className="actions">
        <Button
          onClick={() => {
            location.reload()
          }}
        >
          {t('broken.reload')}
        </Button>
      </div>
    </div>
  )
}

import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Icon } from '@/ui/hds'
import { useLocal } from '@/ui/text'
import type { BallotProject } from '../voting'
import styles from './ranking.module.css'

interface Ordering {
  ranked: BallotProject[]
  onMove: (project: BallotProject, to: number) => void
  onRemove: (project: BallotProject) => void
}

/** The chosen projects in the voter's order: moved by buttons, by keys, to a place of a list, or dragged. */
export function Order({ ranked, onMove, onRemove }: Ordering) {
  const { t } = useTranslation('vote')
  const list = useRef<HTMLOListElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  /** What has the focus while its row moves: the browser takes it away from what is put elsewhere. */
  const focused = useRef<HTMLElement>(null)
  const [dragged, setDragged] = useState<BallotProject>()
  useLayoutEffect(() => {
    if (focused.current?.isConnected && document.activeElement !== focused.current) focused.current.focus()
    focused.current = null
  }, [ranked])

  const move = (project: BallotProject, to: number) => {
    if (to < 0 || to >= ranked.length || ranked[to] === project) return
    const active = document.activeElement
    focused.current = active instanceof HTMLElement && list.current?.contains(active) ? active : null
    onMove(project, to)
  }

  return (
    <section className={styles.order}>
      <h2 ref={heading} tabIndex={-1}>
        {t('ranking.heading')}
      </h2>
      <p className="muted">{ranked.length === 0 ? t('ranking.none') : t('ranking.keys')}</p>
      <ol ref={list} className="plain">
        {ranked.map((project, index) => (
          <Row
            key={project.number}
            project={project}
            index={index}
            of={ranked.length}
            held={dragged === project}
            onHold={setDragged}
            onDropOn={() => {
              if (dragged) move(dragged, index)
            }}
            onMove={(to) => {
              move(project, to)
            }}
            onRemove={() => {
              onRemove(project)
              heading.current?.focus()
            }}
          />
        ))}
      </ol>
    </section>
  )
}

function Row({
  project,
  index,
  of,
  held,
  onHold,
  onDropOn,
  onMove,
  onRemove,
}: {
  project: BallotProject
  index: number
  of: number
  held: boolean
  onHold: (project: BallotProject | undefined) => void
  onDropOn: () => void
  onMove: (to: number) => void
  onRemove: () => void
}) {
  const { t } = useTranslation('vote')
  const title = useLocal()(project.title)
  const byKey = (event: KeyboardEvent) => {
    const to = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: of - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    onMove(to)
  }
  return (
    <li
      className={styles.row}
      draggable
      data-held={held || undefined}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move'
        onHold(project)
      }}
      onDragEnd={() => {
        onHold(undefined)
      }}
      onDragOver={(event) => {
        event.preventDefault()
      }}
      onDrop={(event) => {
        event.preventDefault()
        onDropOn()
      }}
    >
      <span className={styles.place}>{t('ranking.place', { place: index + 1 })}</span>
      <span className={styles.title}>{title}</span>
      <span className={styles.moves}>
        <button
          type="button"
          aria-label={t('ranking.up', { title })}
          aria-disabled={index === 0}
          onKeyDown={byKey}
          onClick={() => {
            onMove(index - 1)
          }}
        >
          <Icon name="angle-up" />
        </button>
        <button
          type="button"
          aria-label={t('ranking.down', { title })}
          aria-disabled={index === of - 1}
          onKeyDown={byKey}
          onClick={() => {
            onMove(index + 1)
          }}
        >
          <Icon name="angle-down" />
        </button>
        <select
          aria-label={t('ranking.to', { title })}
          value={index}
          onChange={(event) => {
            onMove(Number(event.target.value))
          }}
        >
          {Array.from({ length: of }, (_, to) => (
            <option key={to} value={to}>
              {t('ranking.to_place', { place: to + 1 })}
            </option>
          ))}
        </select>
        <button type="button" aria-label={t('ranking.remove', { title })} onClick={onRemove}>
          <Icon name="cross" />
        </button>
      </span>
    </li>
  )
}
